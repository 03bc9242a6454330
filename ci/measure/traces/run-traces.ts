import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { addAudits, auditBench, type BenchAudit } from '../bench/audit-bench.ts';
import { startBenchSystem } from '../bench/bench-system.ts';
import { groupCpu } from '../bench/bench-table.ts';
import { type BenchContext, type Round, runScenario } from '../bench/run-rounds.ts';
import { confirmed } from '../bench/scenarios.ts';
import { median } from '../bench/summarize-rounds.ts';
import { withBenchContext } from '../bench/with-bench-context.ts';

export type TracesOptions = {
  rounds: number;
  /** Seconds of each slice. */
  seconds: number;
  connections: number;
  /** The share of orders that the second system traces. Null: it has no traces either, which shows how much two equal systems differ. */
  share: number | null;
};

/** CPU time of one part, in microseconds per order, without and with traces. `ratio`: of the same round; the median and the range. */
export type PartCost = { part: string; offUs: number; onUs: number; ratio: number; ratioFrom: number; ratioTo: number };

export type TracesResult = {
  environment: Record<string, unknown>;
  options: TracesOptions;
  costs: PartCost[];
  perSecond: { off: number; on: number };
  /** That the collector received. */
  spans: number;
  audit: BenchAudit;
};

/** Where traces are made. */
const TRACED = ['consumer', 'provider', 'order-worker'] as const;
const SYSTEM = [...TRACED, 'nginx', 'kafka', 'mariadb', 'redis'] as const;

const WARM_SECONDS = 10;
const ORDERS_PER_SECOND = 8000;
const READY_LIMIT_MS = 15_000;

/**
 * Confirmed orders at two systems on this machine, one without traces and one with them, in alternating slices. The system that is not
 * measured idles. Each round begins with the other one.
 */
export async function runTraces(
  dir: string,
  onOpen: (supervisor: Supervisor) => void,
  options: TracesOptions,
  print: (line: string) => void,
): Promise<TracesResult> {
  const [port = 0] = await findFreePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const start = async (name: string, settings: Record<string, string>) => {
    const own = path.join(dir, name);
    mkdirSync(own);
    return { dir: own, system: await startBenchSystem({ dir: own, processes: 1, settings, print, onOpen }) };
  };
  const off = await start('off', { OTEL_EXPORTER_OTLP_ENDPOINT: '' });
  await startCollector(off.system.supervisor, port);
  const on = await start('on', {
    OTEL_EXPORTER_OTLP_ENDPOINT: options.share === null ? '' : endpoint,
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: String(options.share ?? 0),
  });
  const buyers = ORDERS_PER_SECOND * (WARM_SECONDS + options.rounds * options.seconds);
  const share = { buyers, print };
  return withBenchContext(off.system, { ...share, dir: off.dir }, (offContext, environment) =>
    withBenchContext(on.system, { ...share, dir: on.dir }, async (onContext) => {
      const rounds = await measure({ off: offContext, on: onContext }, options);
      const audits = [await auditBench(off.system, print), await auditBench(on.system, print)];
      const spans = (await (await fetch(endpoint)).json()) as number;
      return { environment, options, ...summarize(rounds), spans, audit: addAudits(audits) };
    }),
  );
}

type Rounds = Record<'off' | 'on', Round[]>;

async function measure(
  contexts: Record<'off' | 'on', BenchContext>,
  { rounds, seconds, connections }: TracesOptions,
): Promise<Rounds> {
  const { print } = contexts.off;
  const measured: Rounds = { off: [], on: [] };
  for (const context of [contexts.off, contexts.on]) {
    await runScenario(context, confirmed, { connections, seconds: WARM_SECONDS });
  }
  for (let round = 1; round <= rounds; round += 1) {
    const order = round % 2 === 1 ? (['off', 'on'] as const) : (['on', 'off'] as const);
    for (const name of order)
      measured[name].push(await runScenario(contexts[name], confirmed, { connections, seconds }));
    const describe = ({ perSecond, cpuUsPerRequest }: Round) =>
      `${perSecond}/s with ${sumOf(cpuUsPerRequest, SYSTEM).toFixed(1)} µs`;
    const [off, on] = [measured.off.at(-1) as Round, measured.on.at(-1) as Round];
    print(`· round ${round} of ${rounds}: off ${describe(off)}, on ${describe(on)}`);
  }
  return measured;
}

function sumOf(cpuUsPerRequest: Round['cpuUsPerRequest'], parts: readonly (typeof SYSTEM)[number][]): number {
  const groups = groupCpu(cpuUsPerRequest);
  return parts.reduce((sum, part) => sum + groups[part], 0);
}

function summarize({ off, on }: Rounds): Pick<TracesResult, 'costs' | 'perSecond'> {
  const rows = [
    ...SYSTEM.map((part) => [part, [part]] as const),
    ['traced', TRACED] as const,
    ['sum', SYSTEM] as const,
  ];
  const costs = rows.map(([part, parts]): PartCost => {
    const usOf = (rounds: Round[]) => rounds.map(({ cpuUsPerRequest }) => sumOf(cpuUsPerRequest, parts));
    const [offUs, onUs] = [usOf(off), usOf(on)];
    const ratios = onUs.map((us, i) => us / (offUs[i] ?? Number.NaN));
    return {
      part,
      offUs: median(offUs),
      onUs: median(onUs),
      ratio: median(ratios),
      ratioFrom: Math.min(...ratios),
      ratioTo: Math.max(...ratios),
    };
  });
  const rateOf = (rounds: Round[]) => Math.round(median(rounds.map(({ perSecond }) => perSecond)));
  return { costs, perSecond: { off: rateOf(off), on: rateOf(on) } };
}

function startCollector(supervisor: Supervisor, port: number): Promise<void> {
  return supervisor.start({
    name: 'collector',
    kind: 'consumer',
    command: process.execPath,
    args: [fileURLToPath(new URL('receive-traces.ts', import.meta.url)), String(port)],
    env: { ...process.env },
    logFile: supervisor.logFile('collector'),
    stopLimitMs: 5000,
    waitUntilReady: (signal) =>
      waitUntil('the collector to answer', async () => void (await fetch(`http://127.0.0.1:${port}`)), {
        limitMs: READY_LIMIT_MS,
        signal,
      }),
  });
}
