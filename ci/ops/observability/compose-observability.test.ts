import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { findProgram } from '../../local/set-up/find-program.mjs';
import { root } from '../../local/set-up/set-up.mjs';
import { readAlarms } from './alarms/read-alarms.ts';

type Service = {
  image: string;
  read_only?: boolean;
  cap_drop?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
};

const readYaml = (file: string) => parse(readFileSync(path.join(root, file), 'utf8'), { merge: true });
const services = readYaml('compose.observability.yaml').services as Record<string, Service>;
const FOLDER = 'ci/ops/observability';

t.test('the containers are pinned, read-only and without a default password', async (t) => {
  const { mysql } = readYaml('compose.yaml').services as Record<string, Service>;
  for (const [name, { image, read_only, cap_drop, volumes = [], ports = [] }] of Object.entries(services)) {
    if (name === 'mysql-monitor') t.equal(image, mysql?.image);
    else t.match(image, /^\$\{\w+_IMAGE:-[a-z/-]+:v?\d+\.\d+\.\d+\}$/, name);
    t.match({ read_only, cap_drop }, { read_only: true, cap_drop: ['ALL'] }, name);
    for (const volume of volumes.filter((text) => /^[./]/.test(text))) {
      const [source = '', , mode] = volume.split(':');
      t.ok(existsSync(path.resolve(root, source)), source);
      t.match(mode, /^ro\b/, volume);
    }
    for (const port of ports) t.match(port, /^127\.0\.0\.1:/, name);
  }
  t.match(services.grafana?.environment?.GF_SECURITY_ADMIN_PASSWORD, /^\$\{GRAFANA_PASSWORD:\?/);
  const file = path.join(t.testdir(), '.env');
  execFileSync(path.join(root, 'ci/bin/make-env'), [file]);
  t.match(readFileSync(file, 'utf8'), /^GRAFANA_PASSWORD=[0-9a-f]{64}$/m);
  t.match(readFileSync(file, 'utf8'), /^MYSQL_MONITOR_PASSWORD=[0-9a-f]{64}$/m);
});

t.test('Prometheus scrapes each kind of process at its port, by the job that boards and alarms name', async (t) => {
  const { scrape_configs } = readYaml(`${FOLDER}/prometheus.yaml`);
  const { services: processes } = readYaml('compose.yaml') as { services: Record<string, Service> };
  for (const job of ['consumer', 'provider', 'order-worker']) {
    const found = scrape_configs.find(({ job_name }: { job_name: string }) => job_name === job);
    t.match(found?.dns_sd_configs, [{ names: [job], type: 'A' }]);
    t.equal(found.dns_sd_configs[0].port, processes[job]?.environment?.METRICS_PORT, job);
  }
  const exporters = Object.keys(services).filter((name) => name.endsWith('-exporter'));
  t.equal(exporters.length, 4);
  for (const name of exporters) {
    const found = scrape_configs.find(({ job_name }: { job_name: string }) => job_name === name);
    t.match(JSON.stringify(found), `${name}:9`, `${name} is scraped`);
  }
});

t.test('Grafana finds its boards and data sources', async (t) => {
  const { providers } = readYaml(`${FOLDER}/provisioning/boards.yaml`);
  const volumes = services.grafana?.volumes ?? [];
  t.ok(volumes.includes(`./${FOLDER}/boards/json:${providers[0].options.path}:ro`));
  const { datasources } = readYaml(`${FOLDER}/provisioning/datasources.yaml`);
  for (const { url } of datasources) t.ok(new URL(url).hostname in services, url);
});

const promtool = findProgram('promtool');
const skip = promtool ? false : 'promtool is not installed (package prometheus)';

t.test('promtool accepts the settings of Prometheus', { skip }, async (t) => {
  const file = path.join(root, FOLDER, 'prometheus.yaml');
  t.match(
    execFileSync(promtool as string, ['check', 'config', '--syntax-only', file], { encoding: 'utf8' }),
    'SUCCESS',
  );
});

const amtool = findProgram('amtool');
const needsAmtool = { skip: amtool ? false : 'amtool is not installed (package prometheus-alertmanager)' };

t.test('Alertmanager accepts its settings, and sends each severity to its receiver', needsAmtool, async (t) => {
  const file = path.join(root, FOLDER, 'alertmanager.yaml');
  const run = (...args: string[]) => execFileSync(amtool as string, args, { encoding: 'utf8', stdio: 'pipe' });
  t.match(run('check-config', file), 'SUCCESS');
  const receiverOf = (...labels: string[]) =>
    run('config', 'routes', 'test', `--config.file=${file}`, ...labels).trim();
  const receivers = { page: 'pager', ticket: 'tickets', info: 'none' };
  for (const severity of new Set(readAlarms().map(({ labels }) => labels.severity))) {
    t.equal(receiverOf('alertname=DiskLow', `severity=${severity}`), receivers[severity]);
  }
  t.equal(receiverOf('alertname=Another'), 'tickets', 'an alarm without a severity is not lost');
});
