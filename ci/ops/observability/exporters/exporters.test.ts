import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import { createServer } from 'node:tls';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { waitUntil } from '../../../command/wait-until.ts';
import { findFreePorts } from '../../../local/ports/find-free-ports.ts';
import { startMariaDb } from '../../../local/servers/start-mariadb.ts';
import { findProgram } from '../../../local/set-up/find-program.mjs';
import { root } from '../../../local/set-up/set-up.mjs';
import { startSupervisor } from '../../../local/supervisor/start-supervisor.ts';
import { readConfig } from '../../../testing/servers/config.ts';
import { type Samples, startExporter } from '../../../testing/servers/start-exporter.ts';
import { createPool } from '../../../testing/servers/test-database.ts';
import { readAlarms } from '../alarms/read-alarms.ts';

// The alarms and boards against the exporters of compose.observability.yaml, with the servers that they watch.

const { services } = parse(readFileSync(path.join(root, 'compose.observability.yaml'), 'utf8'), { merge: true });
const BOARDS = new URL('../boards/json/', import.meta.url);

/** Expressions of the alarms and boards, by name of alarm or panel. */
const expressions = [
  ...readAlarms().map(({ alert, expr }) => ({ name: alert, expr })),
  ...readdirSync(BOARDS).flatMap((file) => {
    const { panels } = JSON.parse(readFileSync(new URL(file, BOARDS), 'utf8')) as {
      panels: { title: string; targets?: { expr: string }[] }[];
    };
    return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ name: title, expr })));
  }),
];

/** Checks that an exporter gives each metric of its kind that an alarm or panel reads. */
function checkNames(t: Test, prefix: string, samples: Samples): void {
  const used = expressions.flatMap(({ name, expr }) =>
    [...expr.matchAll(new RegExp(`\\b${prefix}_\\w+`, 'g'))].map(([metric]) => ({ name, metric })),
  );
  t.ok(used.length > 0, `alarms or panels read ${prefix}_`);
  // MySQL 8.4 has other names for the columns of a replica's state than MariaDB. The exporter makes them the names of its metrics.
  const toMariaDb = (metric: string) =>
    metric.replace('behind_source', 'behind_master').replace('_replica_', '_slave_');
  for (const { name, metric } of used) t.ok(samples.has(toMariaDb(metric)), `${name}: ${metric}`);
}

const needs = (...programs: string[]) => {
  const missing = programs.find((program) => !findProgram(program));
  return { skip: missing ? `${missing} is not installed (npm test fetches it)` : false };
};

t.test('the disks of a machine', needs('prometheus-node-exporter'), async (t) => {
  const read = await startExporter(t, 'prometheus-node-exporter', []);
  checkNames(t, 'node', await read());
});

t.test('the requests and connections of nginx', needs('prometheus-nginx-exporter', 'nginx'), async (t) => {
  const [site = 0, status = 0] = await findFreePorts(2);
  const dir = t.testdir({ 'conf.d': { 'site.conf': `server { listen 127.0.0.1:${site}; return 204; }` } });
  const text = readFileSync(path.join(root, 'nginx/compose-nginx.conf'), 'utf8')
    .replaceAll('/etc/nginx', dir)
    .replaceAll('/tmp', dir)
    .replace('listen 8081', `listen 127.0.0.1:${status}`);
  writeFileSync(path.join(dir, 'nginx.conf'), `daemon off;\n${text}`);
  const nginx = spawn(findProgram('nginx') ?? '', ['-p', dir, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: 'ignore' });
  t.teardown(async () => {
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
  });
  await waitUntil('nginx to listen', () => once(connect(site, '127.0.0.1'), 'connect'), { limitMs: 10_000 });

  const [argument = ''] = services['nginx-exporter'].command as string[];
  const read = await startExporter(t, 'prometheus-nginx-exporter', [
    argument.replace('nginx:8081', `127.0.0.1:${status}`),
  ]);
  const before = await read();
  checkNames(t, 'nginx', before);
  await fetch(`http://127.0.0.1:${site}/`);
  const after = await read();
  const requests = (samples: Samples) => samples.get('nginx_http_requests_total') ?? 0;
  t.ok(requests(after) > requests(before), 'requests of buyers are counted');
});

t.test(
  'certificates, also of servers that demand one, and expired ones',
  needs('prometheus-blackbox-exporter'),
  async (t) => {
    const dir = t.testdir();
    const env = { ...process.env, DAYS: '0' };
    execFileSync(path.join(root, 'ci/bin/make-certificates'), [dir, 'kafka'], { env, stdio: 'pipe' });
    const [cert, key, ca] = ['cert', 'key', 'ca'].map((name) => readFileSync(path.join(dir, 'kafka', `${name}.pem`)));
    const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true } as object);
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;

    const file = path.join(import.meta.dirname, 'blackbox.yaml');
    const read = await startExporter(t, 'prometheus-blackbox-exporter', [`--config.file=${file}`]);
    const samples = await read(`/probe?module=tls&target=127.0.0.1:${port}`);
    checkNames(t, 'probe', samples);
    const secondsLeft = (samples.get('probe_ssl_earliest_cert_expiry') ?? Infinity) - Date.now() / 1000;
    t.ok(secondsLeft < 60, `it ends in ${secondsLeft} s`);
  },
);

t.test(
  'a replica that follows, and one that has stopped',
  needs('prometheus-mysqld-exporter', 'mariadbd'),
  async (t) => {
    t.setTimeout(120_000);
    const [port = 0] = await findFreePorts(1);
    const dir = t.testdir();
    const supervisor = await startSupervisor(dir, () => undefined);
    t.teardown(() => supervisor.stop());
    const { mysqlAdminUrl } = await startMariaDb(supervisor, port, ['--server-id=2']);
    const replica = createPool(t, mysqlAdminUrl, 1);
    const primaryUrl = new URL(readConfig().TEST_MYSQL_URL);
    const [[position]] = await createPool(t, primaryUrl.href, 1).raw('SELECT @@gtid_current_pos AS gtid');
    await replica.raw(`SET GLOBAL gtid_slave_pos = '${position.gtid}'`);
    // Other tests change databases meanwhile.
    await replica.raw("SET GLOBAL replicate_do_db = 'none'");
    await replica.raw(
      `CHANGE MASTER TO MASTER_HOST = '${primaryUrl.hostname}', MASTER_PORT = ${primaryUrl.port}, MASTER_USE_GTID = slave_pos,
     MASTER_USER = '${primaryUrl.username}', MASTER_PASSWORD = '${primaryUrl.password}'`,
    );
    await replica.raw('START SLAVE');

    const { username, password } = new URL(mysqlAdminUrl);
    const MYSQL_MONITOR_PASSWORD = 'c0ffee';
    const address = {
      MYSQL_HOST: '127.0.0.1',
      MYSQL_TCP_PORT: String(port),
      MYSQL_USER: username,
      MYSQL_PWD: password,
    };
    execFileSync(path.join(import.meta.dirname, 'create-monitor-user'), {
      env: { PATH: process.env.PATH, ...address, MYSQL_MONITOR_PASSWORD },
      stdio: 'pipe',
    });
    const settings = readFileSync(path.join(import.meta.dirname, 'mysqld-exporter.cnf'), 'utf8');
    const file = path.join(dir, 'exporter.cnf');
    writeFileSync(file, `${settings}password = ${MYSQL_MONITOR_PASSWORD}\nhost = 127.0.0.1\nport = ${port}\n`);
    const [, ...others] = services['mysqld-exporter'].command as string[];
    const read = await startExporter(t, 'prometheus-mysqld-exporter', [`--config.my-cnf=${file}`, ...others]);

    const following = await waitUntil(
      'the replica to follow',
      async () => {
        const samples = await read();
        if (!samples.has('mysql_slave_status_seconds_behind_master')) throw new Error('its delay is not known');
        return samples;
      },
      { limitMs: 30_000 },
    );
    checkNames(t, 'mysql', following);
    t.equal(following.get('mysql_up'), 1);
    t.same(
      [...following].filter(([name, value]) => name.startsWith('mysql_exporter_collector_success{') && value === 0),
      [],
      'the user of the exporter has the rights it needs',
    );
    await replica.raw('STOP SLAVE SQL_THREAD');
    const stopped = await read();
    t.notOk(stopped.has('mysql_slave_status_seconds_behind_master'), 'a replica that has stopped has no delay');
    t.equal(stopped.get('mysql_slave_status_slave_sql_running'), 0);
    t.equal(stopped.get('mysql_slave_status_slave_io_running'), 1);
  },
);
