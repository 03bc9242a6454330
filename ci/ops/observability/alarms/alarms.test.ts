import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { stringify } from 'yaml';
import { metricTable } from '../../../../proto/metrics/metric-table.ts';
import { findProgram } from '../../../local/set-up/find-program.mjs';
import { root } from '../../../local/set-up/set-up.mjs';
import { alarmCases } from './alarm-cases.ts';
import type { AlarmCase } from './cases/alarm-case.ts';
import { calmSeries } from './cases/calm-series.ts';
import { alarmFiles, readAlarms } from './read-alarms.ts';

// promtool takes half a minute on a busy machine.
t.setTimeout(150_000);
const alarms = readAlarms();
const names = [...new Set(alarms.map(({ alert }) => alert))];
const promtool = findProgram('promtool');
const skip = promtool ? false : 'promtool is not installed (package prometheus)';

const toSeries = (series: Record<string, string>) =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }));

/** An entry of promtool's unit tests for a case, at both of its times. */
function describeCase({ alarm, severity, series, quietAt, firesAt, labels, description, ticket }: AlarmCase) {
  const expected = (text: string, wanted: AlarmCase['severity']) => {
    const rule = alarms.find((one) => one.alert === alarm && (!wanted || one.labels.severity === wanted));
    if (!rule) throw new Error(`there is no alarm ${alarm}`);
    return {
      exp_labels: { severity: rule.labels.severity, ...labels },
      exp_annotations: { ...rule.annotations, description: text },
    };
  };
  const fired = [expected(description, severity), ...(ticket ? [expected(ticket, 'ticket')] : [])];
  const at = (eval_time: string, exp_alerts: unknown[]) => ({ eval_time, alertname: alarm, exp_alerts });
  return {
    name: `${alarm} ${severity ?? ''}`,
    interval: '15s',
    input_series: toSeries(series),
    alert_rule_test: [...(quietAt ? [at(quietAt, [])] : []), at(firesAt, fired)],
  };
}

t.test('promtool accepts the rules', { skip }, async (t) => {
  const out = execFileSync(promtool ?? '', ['check', 'rules', '--lint=all', '--lint-fatal', ...alarmFiles()], {
    encoding: 'utf8',
  });
  t.match(out, /SUCCESS/);
});

t.test('each alarm fires at its time, and none in a calm sale', { skip }, async (t) => {
  const calm = {
    name: 'a calm sale',
    interval: '15s',
    input_series: toSeries(calmSeries),
    alert_rule_test: ['20s', '10m', '75m'].flatMap((eval_time) =>
      names.map((alertname) => ({ eval_time, alertname, exp_alerts: [] })),
    ),
  };
  const tests = {
    rule_files: alarmFiles(),
    evaluation_interval: '15s',
    tests: [...alarmCases.map(describeCase), calm],
  };
  const dir = t.testdir({ 'alarms.test.yaml': stringify(tests) });
  try {
    t.match(
      execFileSync(promtool ?? '', ['test', 'rules', path.join(dir, 'alarms.test.yaml')], { encoding: 'utf8' }),
      /SUCCESS/,
    );
  } catch (error) {
    t.fail((error as { stderr: string; stdout: string }).stderr + (error as { stdout: string }).stdout);
  }
});

t.test('each alarm has a case, and each of its series is in the calm sale', async (t) => {
  const keys = new Set(alarmCases.map(({ alarm, severity }) => `${alarm} ${severity ?? ''}`.trim()));
  const twice = names.filter((name) => alarms.filter(({ alert }) => alert === name).length > 1);
  const wanted = alarms.map(({ alert, labels }) => (twice.includes(alert) ? `${alert} ${labels.severity}` : alert));
  t.same([...keys].sort(), wanted.sort());
  const nameOf = (series: string) => series.split('{')[0] ?? '';
  const calm = new Set(Object.keys(calmSeries).map(nameOf));
  const missing = alarmCases.flatMap(({ series }) => Object.keys(series).map(nameOf)).filter((name) => !calm.has(name));
  t.same(missing, []);
});

/** Of Prometheus and of Node's default metrics. exporters.test.ts checks those of the exporters. */
const FOREIGN = [
  'up',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
];

t.test('each alarm is about metrics that exist', async (t) => {
  const known = new Set([...Object.keys(metricTable), ...FOREIGN]);
  for (const { alert, expr } of alarms) {
    const used = [...expr.matchAll(/\b(?:flashsale|http|rpc|db|nodejs|process)_[a-z0-9_]+(?=[{[ )])/g)].map(
      ([name]) => name,
    );
    const metrics = used.filter((name) => !/^http_(request_method|route|response_status_code)$/.test(name));
    t.ok(metrics.length > 0 || /\b(up\{|(node|mysql|probe)_)/.test(expr), alert);
    const bare = metrics.map((name) => (known.has(name) ? name : name.replace(/_(count|bucket|sum)$/, '')));
    t.same(
      bare.filter((name) => !known.has(name)),
      [],
      alert,
    );
  }
});

t.test('each alarm has a section in the runbook, and each section an alarm', async (t) => {
  const runbook = readFileSync(path.join(root, 'docs', 'runbook.md'), 'utf8');
  const sections = runbook.split(/^### /m).slice(1);
  t.same(sections.map((section) => section.split('\n')[0]).sort(), [...names].sort());
  for (const section of sections) {
    const [name = ''] = section.split('\n');
    for (const part of ['Buyers see', 'Be sure', 'Do', 'Do not']) t.match(section, `**${part}**`, `${name}: ${part}`);
    const urls = alarms.filter(({ alert }) => alert === name).map(({ annotations }) => annotations.runbook_url);
    t.same([...new Set(urls)], [`docs/runbook.md#${name.toLowerCase()}`]);
  }
});
