import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createStock } from '../../command/create-stock.ts';
import { runWrk } from '../bench/generators/run-wrk.ts';
import { type TokenFile, writeTokens } from '../bench/generators/write-tokens.ts';
import { measureSlice } from '../bench/measure-slice.ts';
import { measureCpu, sum } from '../opening/measure-cpu.ts';
import { waitUntilIdle } from '../opening/wait-until-idle.ts';
import { type ClickContext, warmClicks } from '../opening/with-click-context.ts';
import { type Ceiling, type OverloadStep, summarizeRoundsOfSteps, summarizeStep } from './summarize-overload.ts';

export type OverloadOptions = {
  rounds: number;
  /** How many times the ceiling, one step after the other. */
  steps: number[];
  /** Of each step. */
  seconds: number;
  maxConnections: number;
};

export type Overload = { ceiling: Ceiling; connections: number; steps: OverloadStep[] };

const FIRST_SID = 4_000_001;
const MANY_UNITS = 100_000_000;
const CEILING_SECONDS = 3;
const CEILING_CONNECTIONS = [256, 1024];
const MAX_CEILING = 25_000;
/** Above nginx's limit of 5 s. */
const DEADLINE_MS = 6000;

/** Measures the ceiling with a closed loop, then sends clicks at multiples of it, however long the answers take. */
export async function runOverload(context: ClickContext, dir: string, options: OverloadOptions): Promise<Overload> {
  const { system, database, print } = context;
  const { rounds, steps, seconds } = options;
  const sid = await createStock(database, { sid: FIRST_SID, name: 'Ceiling', count: MANY_UNITS });
  const slices = 1 + CEILING_CONNECTIONS.length + rounds;
  const lines = MAX_CEILING * CEILING_SECONDS * slices;
  const tokens = await writeTokens(path.join(dir, 'ceiling'), system.secrets.JWT_SECRET, lines);
  const measure = (connections: number) => measureCeiling(context, sid, connections, tokens);
  await measure(CEILING_CONNECTIONS[0] ?? 1);
  const found: { connections: number; ceiling: Ceiling }[] = [];
  for (const connections of CEILING_CONNECTIONS) found.push({ connections, ceiling: await measure(connections) });
  const best = found.reduce((a, b) => (b.ceiling.perSecond > a.ceiling.perSecond ? b : a));
  print(`· ceiling: ${best.ceiling.perSecond} confirmed a second with ${best.connections} connections`);

  const clicks = steps.map((times) => Math.round(best.ceiling.perSecond * times * seconds));
  const buyers = clicks.reduce((total, count) => total + count, 0);
  const clickTokens = await writeTokens(path.join(dir, 'clicks'), system.secrets.JWT_SECRET, buyers);
  await warmClicks(context, clickTokens);
  const results: { ceiling: Ceiling; steps: OverloadStep[] }[] = [];
  let nextSid = FIRST_SID + 1;
  for (let round = 0; round < rounds; round += 1) {
    const ceiling = await measure(best.connections);
    print(`· round ${round + 1} of ${rounds}: ceiling ${ceiling.perSecond} a second`);
    const measured: OverloadStep[] = [];
    let firstLine = 0;
    for (const [at, times] of steps.entries()) {
      const count = clicks[at] ?? 0;
      await createStock(database, { sid: nextSid, name: `${times} times`, count });
      const load = { times, clicks: count, spreadMs: seconds * 1000, cores: availableParallelism() };
      const plan = { sid: nextSid++, tokens: { ...clickTokens, firstLine }, maxConnections: options.maxConnections };
      const step = await measureStep(context, load, plan, ceiling);
      firstLine += count;
      measured.push(step);
      print(`· ${times} times: goodput ${step.goodput}, p50 ${step.p50Ms} ms, ${step.sentPerSecond} sent a second`);
    }
    results.push({ ceiling, steps: measured });
  }
  return {
    ceiling:
      results.map(({ ceiling }) => ceiling).sort((a, b) => a.perSecond - b.perSecond)[rounds >> 1] ?? best.ceiling,
    connections: best.connections,
    steps: summarizeRoundsOfSteps(results.map((result) => result.steps)),
  };
}

async function measureCeiling(
  { system, drain }: ClickContext,
  sid: number,
  connections: number,
  tokens: TokenFile,
): Promise<Ceiling> {
  await waitUntilIdle(system);
  const target = { method: 'POST' as const, url: system.url, paths: [`/api/v1/stocks/${sid}/orders`] };
  const send = () => runWrk({ ...target, connections, seconds: CEILING_SECONDS, tokens });
  const { requests, seconds, statuses, cpuUsPerRequest } = await measureSlice(system, send, drain);
  return {
    perSecond: Math.round((statuses[201] ?? 0) / seconds),
    loadCores: ((cpuUsPerRequest.load ?? 0) * requests) / seconds / 1e6,
  };
}

type Load = Parameters<typeof summarizeStep>[1];
type Target = { sid: number; tokens: TokenFile & { firstLine: number }; maxConnections: number };

async function measureStep(
  { system, clicks, drain }: ClickContext,
  load: Load,
  { sid, tokens, maxConnections }: Target,
  ceiling: Ceiling,
): Promise<OverloadStep> {
  await waitUntilIdle(system);
  const plan = {
    port: Number(new URL(system.url).port),
    method: 'POST',
    path: `/api/v1/stocks/${sid}/orders`,
    tokens,
    clicks: load.clicks,
    spreadMs: load.spreadMs,
    deadlineMs: DEADLINE_MS,
    maxConnections,
    dropsLate: true,
  } as const;
  const send = async () => {
    const times = await clicks.send(plan);
    await drain();
    return times;
  };
  const { result, spentMs, otherWorkPercent } = await measureCpu(system.pids(), send, ({ cpuMs }) => cpuMs);
  const figures = summarizeStep(result, load, ceiling);
  const sent = Math.max(1, result.sentMs.filter((ms) => !Number.isNaN(ms)).length);
  return { ...figures, cpuUsPerClick: Math.round((sum(spentMs) * 1000) / sent), otherWorkPercent };
}
