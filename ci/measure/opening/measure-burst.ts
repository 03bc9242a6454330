import type { BenchSystem } from '../bench/bench-system.ts';
import { groupCpu } from '../bench/bench-table.ts';
import type { ClickPlan } from './clicks/send-clicks.ts';
import type { ClickProcess } from './clicks/start-click-process.ts';
import { countNew, readConnections } from './count-upstream.ts';
import { measureCpu } from './measure-cpu.ts';
import { meanSize, readBatches } from './read-batches.ts';
import { type ClickSummary, summarizeClicks } from './summarize-clicks.ts';

export type Burst = ClickSummary & {
  /** Microseconds of CPU time per click by kind of process, `load` included. */
  cpuUsByKind: Record<string, number>;
  /** Of all kinds that the click concerns, without the load. */
  cpuUsPerRequest: number;
  /** Orders per call to a provider, and per transaction of an order-worker; 0 for bare Fastify. */
  ordersPerCall: number;
  ordersPerTransaction: number;
  /** Opened by the buyers to nginx, and by nginx to consumers (or bare Fastify). */
  connectionsToNginx: number;
  connectionsUpstream: number;
  /** Percent of the machine that other work took during the burst. */
  otherWorkPercent: number;
};

export type BurstContext = {
  system: BenchSystem;
  clicks: ClickProcess;
  tokens: { file: string; lineBytes: number };
  /** Resolves when every record of the log is decided. */
  drain: () => Promise<void>;
};

type Load = Pick<ClickPlan, 'clicks' | 'spreadMs' | 'deadlineMs' | 'maxConnections'> & {
  target: 'system' | 'bare';
  sid: number;
  firstLine: number;
};

const BARE_KINDS = ['nginx', 'bare'];

/** Sends one burst and waits until all of its orders are decided; the CPU time includes that. */
export async function measureBurst(context: BurstContext, { target, sid, firstLine, ...load }: Load): Promise<Burst> {
  const { system, clicks, tokens, drain } = context;
  const [url, servers] = target === 'bare' ? [system.bareUrl, system.bareServers] : [system.url, system.consumers];
  const plan: ClickPlan = {
    ...load,
    port: Number(new URL(url).port),
    method: 'POST',
    path: `/api/v1/stocks/${sid}/orders`,
    tokens: { ...tokens, firstLine },
  };
  const [batchesBefore, connectionsBefore] = [await readBatches(system), readConnections(servers)];
  const send = async () => {
    const times = await clicks.send(plan);
    await drain();
    return times;
  };
  const measured = await measureCpu(system.pids(), send, ({ cpuMs }) => cpuMs);
  const { result: times, spentMs, otherWorkPercent } = measured;
  const [batches, connections] = [await readBatches(system), readConnections(servers)];
  const perClick = (ms: number) => Math.round((ms * 1000) / load.clicks);
  const spent = [...spentMs].map(([name, ms]) => [name, perClick(ms)] as const);
  const cpuUsByKind = groupCpu({ ...Object.fromEntries(spent), load: perClick(times.cpuMs) });
  const counted = Object.entries(cpuUsByKind).filter(([kind]) =>
    target === 'bare' ? BARE_KINDS.includes(kind) : kind !== 'load' && kind !== 'bare',
  );
  return {
    ...summarizeClicks(times, plan),
    cpuUsByKind,
    cpuUsPerRequest: counted.reduce((sum, [, us]) => sum + us, 0),
    ordersPerCall: meanSize(batchesBefore.calls, batches.calls),
    ordersPerTransaction: meanSize(batchesBefore.transactions, batches.transactions),
    connectionsToNginx: times.connections,
    connectionsUpstream: countNew(connectionsBefore, connections),
    otherWorkPercent,
  };
}
