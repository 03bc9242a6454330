import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { waitUntil } from '../../../command/wait-until.ts';
import { startPrometheus } from '../../../local/servers/start-prometheus.ts';
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

/** Starts a Prometheus that scrapes each target every second, with the alarms of production on shorter times. Undefined: it is not installed. */
export async function startAlarmWatch(
  supervisor: Supervisor,
  targets: ScrapeTarget[],
): Promise<AlarmWatch | undefined> {
  const dir = path.join(supervisor.dir, 'alarms');
  mkdirSync(dir, { recursive: true });
  const prometheus = await startPrometheus(supervisor, describeConfig(dir, targets));
  if (!prometheus) return undefined;
  const { ask } = prometheus;

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
  return { rule_files, scrape_configs };
}
