import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux. */
const TICKS_PER_SECOND = 100;

type Stat = { parent: number; ticks: number; childTicks: number };

function readStat(pid: number | 'self'): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses and may contain any character.
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

/** CPU time of each named process and all its descendants, such as nginx's workers, in milliseconds since their start. */
export function readCpuMs(pids: Map<string, number>): Map<string, number> {
  return new Map([...readUsage(pids)].map(([name, { cpuMs }]) => [name, cpuMs]));
}

/** CPU time and resident memory of each named process and all its descendants. Shared memory counts for each of them. */
export function readUsage(pids: Map<string, number>): Map<string, { cpuMs: number; memoryKb: number }> {
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

/** CPU time of one process without its children, in milliseconds. */
export function readOwnCpuMs(pid: number): number {
  return toMs(readStat(pid)?.ticks ?? 0);
}

/** CPU time of the ended children of this process, in milliseconds. */
export function readEndedChildrenCpuMs(): number {
  return toMs(readStat('self')?.childTicks ?? 0);
}

/** Resident memory of a process in kilobytes; 0 if it does not run. */
export function readMemoryKb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
