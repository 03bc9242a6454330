import { type MachineTicks, MS_PER_TICK, readMachine } from '../../local/supervisor/read-machine.ts';
import { readCpuMs } from '../../local/supervisor/read-usage.ts';

export type CpuUse<T> = {
  result: T;
  /** Milliseconds of CPU time by process. */
  spentMs: Map<string, number>;
  otherWorkPercent: number;
};

/** The CPU time of these processes during `work`, and what other work took of the machine. `loadMs`: that of the load generator. */
export async function measureCpu<T>(
  pids: Map<string, number>,
  work: () => Promise<T>,
  loadMs: (result: T) => number,
): Promise<CpuUse<T>> {
  const [machineBefore, before, ownBefore] = [readMachine(), readCpuMs(pids), process.cpuUsage()];
  const result = await work();
  const [machine, after, { user, system }] = [readMachine(), readCpuMs(pids), process.cpuUsage(ownBefore)];
  const spentMs = new Map([...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)]));
  const benchMs = sum(spentMs) + loadMs(result) + (user + system) / 1000;
  return { result, spentMs, otherWorkPercent: otherWorkPercent(machineBefore, machine, benchMs) };
}

export function sum(values: Map<string, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0);
}

/** Percent of all cores that other work took between two readings, in which the bench used `benchMs`. */
export function otherWorkPercent(before: MachineTicks, after: MachineTicks, benchMs: number): number {
  const all = after.all - before.all;
  const others = after.busy - before.busy - benchMs / MS_PER_TICK;
  return all > 0 ? Math.max(0, Math.round((others / all) * 100)) : 0;
}
