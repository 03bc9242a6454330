import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux. */
const TICKS_PER_SECOND = 100;

type Stat = { parent: number; ticks: number; childTicks: number };

function readStat(pid: number | 'self'): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [1, 11, 12, 13, 14].map((at) =>
      Number(fields[at]),
    );
    return { parent, ticks: user + system, childTicks: childUser + childSystem };
  } catch {
    return undefined;
  }
}

const toMs = (ticks: number) => (ticks * 1000) / TICKS_PER_SECOND;

/** Milliseconds of CPU time so far of each named process with all that it has started, such as nginx's workers. */
export function readCpuMs(pids: Map<string, number>): Map<string, number> {
  return new Map([...readUses(pids)].map(([name, { cpuMs }]) => [name, cpuMs]));
}

/** The same, and the kilobytes that they hold in memory; what they share counts for each. */
export function readUses(pids: Map<string, number>): Map<string, { cpuMs: number; memoryKb: number }> {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    if (stat) stats.set(Number(name), stat);
  }
  const ofTree = (pid: number): { cpuMs: number; memoryKb: number } => {
    const sum = { cpuMs: toMs(stats.get(pid)?.ticks ?? 0), memoryKb: readMemoryKb(pid) };
    for (const [child, { parent }] of stats) {
      if (parent !== pid) continue;
      const { cpuMs, memoryKb } = ofTree(child);
      sum.cpuMs += cpuMs;
      sum.memoryKb += memoryKb;
    }
    return sum;
  };
  return new Map([...pids].map(([name, pid]) => [name, ofTree(pid)]));
}

/** Milliseconds of CPU time so far of this process alone. */
export function readOwnCpuMs(pid: number): number {
  return toMs(readStat(pid)?.ticks ?? 0);
}

/** Milliseconds of CPU time of the commands that this process has started and that have ended. */
export function readEndedChildrenCpuMs(): number {
  return toMs(readStat('self')?.childTicks ?? 0);
}

/** Kilobytes that the process holds in memory. */
export function readMemoryKb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
