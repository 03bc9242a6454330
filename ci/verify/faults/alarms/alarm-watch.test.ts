import t from 'tap';
import { createMetrics } from '../../../../proto/metrics/metrics.ts';
import { startMetricsServer } from '../../../../proto/metrics/metrics-server.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import { findFreePorts } from '../../../local/ports/find-free-ports.ts';
import { findProgram } from '../../../local/set-up/find-program.mjs';
import { startSupervisor } from '../../../local/supervisor/start-supervisor.ts';
import { alarmFiles, readAlarms, readRuleFile } from '../../../ops/observability/alarms/read-alarms.ts';
import { faults } from '../catalog/faults.ts';
import { findWrong, type RaisedAlarm } from './judge-alarms.ts';
import { scaleTimes } from './scale-times.ts';
import { startAlarmWatch } from './watch-alarms.ts';

t.test('a minute of an alarm becomes a second, and its limits stay', async (t) => {
  const rule = { alert: 'A', labels: {}, annotations: {} };
  const scaled = scaleTimes({
    groups: [
      {
        name: 'g',
        rules: [
          { ...rule, expr: 'rate(x[1h]) > 0.5 and rate(x[1m]) > 60', for: '5m' },
          { ...rule, expr: 'y > 0' },
        ],
      },
    ],
  } as never);
  t.match(scaled.groups[0]?.rules, [
    { expr: 'rate(x[60000ms]) > 0.5 and rate(x[3000ms]) > 60', for: '5000ms' },
    { expr: 'y > 0' },
  ]);
  t.notOk(scaled.groups[0]?.rules[1] && 'for' in scaled.groups[0].rules[1]);
  for (const file of alarmFiles()) t.ok(scaleTimes(readRuleFile(file)).groups.length > 0, file);
});

t.test('an alarm that is expected must fire; in a calm sale none may', async (t) => {
  const redis: RaisedAlarm = { alarm: 'RedisDown', afterMs: 2000, isExpected: true };
  const other: RaisedAlarm = { alarm: 'ProcessDown', afterMs: 1000, isExpected: false };
  t.same(findWrong({ name: 'RedisDown' }, [other, redis]), []);
  t.match(findWrong({ name: 'RedisDown' }, [other]), [/RedisDown did not fire within 20 s \(fired: ProcessDown\)/]);
  t.match(findWrong({ name: 'RedisDown' }, [{ ...redis, afterMs: 21_000 }]), [/fired after 21.0 s/]);
  t.same(findWrong({ none: 'it is back at once' }, [other]), []);
  t.match(findWrong({ none: 'nothing is wrong', isQuiet: true }, [other]), [/ProcessDown fired, although/]);
  t.same(findWrong(undefined, [other]), []);
});

t.test('faults name alarms that exist', async (t) => {
  const names = new Set(readAlarms().map(({ alert }) => alert));
  const wrong = faults.filter(({ alarm }) => alarm && 'name' in alarm && !names.has(alarm.name));
  t.same(
    wrong.map(({ name }) => name),
    [],
  );
});

const skip = findProgram('prometheus') ? false : 'Prometheus is not installed (package prometheus)';

t.test('a real Prometheus raises an alarm of a process, and ends it', { skip }, async (t) => {
  const supervisor = await startSupervisor(t.testdir(), () => undefined);
  t.teardown(() => supervisor.stop());
  const [port = 0] = await findFreePorts(1);
  const metrics = createMetrics('provider');
  let isUp = true;
  metrics.watchUp({ redis: () => isUp });
  const server = await startMetricsServer({ port, host: '127.0.0.1', metrics, needed: {}, shown: {} });
  t.teardown(() => server.close());
  const target = { job: 'provider', name: 'provider-1', address: `127.0.0.1:${port}`, path: '/metrics' };
  const watch = await startAlarmWatch(supervisor, [target]);
  if (!watch) throw new Error('Prometheus is not installed');
  await watch.waitUntilQuiet(60_000);
  const downAtMs = Date.now();
  isUp = false;
  const findRedis = async () => {
    const firings = await watch.findFirings(downAtMs, Date.now());
    const found = firings.find(({ alarm }) => alarm === 'RedisDown');
    if (!found) throw new Error(`firing: ${JSON.stringify(firings)}`);
    return found;
  };
  const firing = await waitUntil('RedisDown to fire', findRedis, { limitMs: 60_000 });
  t.equal(firing.severity, 'ticket');
  t.ok(firing.atMs >= downAtMs);
  isUp = true;
  await watch.waitUntilQuiet(60_000);
});
