import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { waitUntil } from '../../../command/wait-until.ts';
import { findFreePorts } from '../../../local/ports/find-free-ports.ts';
import { findProgram } from '../../../local/set-up/find-program.mjs';
import type { Supervisor } from '../../../local/supervisor/start-supervisor.ts';
import { alarmFiles, readRuleFile } from '../../../ops/observability/alarms/read-alarms.ts';
import { scaleTimes } from './scale-times.ts';

/** An alarm that fired, with the time of the first time. */
export type Firing = { alarm: string; severity: string; atMs: number };

export type AlarmWatch = {
  /** Alarms that were firing between two times, the first one first. */
  findFirings(fromMs: number, untilMs: number): Promise<Firing[]>;
  /** Resolves when no alarm is firing. */
  waitUntilQuiet(limitMs: number): Promise<void>;
};

export type ScrapeTarget = { job: string; name: string; address: string; path: string };

const READY_LIMIT_MS = 30_000;
const ASK_LIMIT_MS = 5000;

/** Starts a Prometheus that scrapes each target every second, with the alarms of production on shorter times. Undefined: it is not installed. */
export async function startAlarmWatch(
  supervisor: Supervisor,
  targets: ScrapeTarget[],
): Promise<AlarmWatch | undefined> {
  const command = findProgram('prometheus');
  if (!command) return undefined;
  const dir = path.join(supervisor.dir, 'prometheus');
  mkdirSync(dir, { recursive: true });
  const [port = 0] = await findFreePorts(1);
  writeFileSync(path.join(dir, 'prometheus.yml'), stringify(describeConfig(dir, targets)));
  const url = `http://127.0.0.1:${port}`;
  const ask = async (address: string) => {
    const response = await fetch(`${url}${address}`, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
    const text = await response.text();
    if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${text}`);
    return text;
  };
  await supervisor.start({
    name: 'prometheus',
    kind: 'prometheus',
    command,
    args: [
      `--config.file=${path.join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    logFile: supervisor.logFile('prometheus'),
    stopLimitMs: 10_000,
    waitUntilReady: (signal) =>
      waitUntil('Prometheus to be ready', () => ask('/-/ready'), { limitMs: READY_LIMIT_MS, signal }).then(
        () => undefined,
      ),
  });

  async function findFirings(fromMs: number, untilMs: number): Promise<Firing[]> {
    const seconds = Math.max(1, Math.ceil((untilMs - fromMs) / 1000));
    const query = new URLSearchParams({
      query: `ALERTS{alertstate="firing"}[${seconds}s]`,
      time: String(untilMs / 1000),
    });
    const { data } = JSON.parse(await ask(`/api/v1/query?${query}`)) as QueryAnswer;
    const firings = data.result.flatMap(({ metric, values }) => {
      // The seconds of the query are rounded up.
      const times = values.map(([atSeconds]) => atSeconds * 1000).filter((atMs) => atMs >= fromMs);
      return times.length === 0
        ? []
        : [{ alarm: metric.alertname, severity: metric.severity, atMs: Math.min(...times) }];
    });
    // One alarm may fire for several processes.
    const byName = Map.groupBy(
      firings.toSorted((one, other) => one.atMs - other.atMs),
      ({ alarm }) => alarm,
    );
    return [...byName.values()].flatMap(([first]) => first ?? []);
  }

  return {
    findFirings,
    async waitUntilQuiet(limitMs) {
      const check = async () => {
        const { data } = JSON.parse(await ask('/api/v1/alerts')) as AlertsAnswer;
        const firing = data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
        if (firing.length > 0) throw new Error(`still firing: ${firing.join(', ')}`);
      };
      await waitUntil('alarms to end', check, { limitMs });
    },
  };
}

type QueryAnswer = {
  data: { result: { metric: { alertname: string; severity: string }; values: [number, string][] }[] };
};
type AlertsAnswer = { data: { alerts: { state: string; labels: { alertname: string } }[] } };

function describeConfig(dir: string, targets: ScrapeTarget[]) {
  const rule_files = alarmFiles().map((file) => {
    const scaled = path.join(dir, path.basename(file));
    writeFileSync(scaled, stringify(scaleTimes(readRuleFile(file))));
    return scaled;
  });
  const scrape_configs = [...Map.groupBy(targets, ({ job }) => job)].map(([job_name, ofJob]) => ({
    job_name,
    metrics_path: ofJob[0]?.path,
    static_configs: ofJob.map(({ name, address }) => ({ targets: [address], labels: { instance: name } })),
  }));
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  return { global, rule_files, scrape_configs };
}
