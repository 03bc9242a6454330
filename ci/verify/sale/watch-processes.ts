import { readCpuMs, readUses } from '../../measure/bench/read-cpu.ts';

/** What a process needed, with all that it has started. */
export type ProcessUse = { cpuSeconds: number; memoryMb: number };

const LOOK_MS = 1000;
const MB = 1024 * 1024;

/**
 * Looks at these processes of this machine once a second, until it is stopped: the most memory of each, and its CPU time
 * meanwhile. `sale` is this process alone.
 */
export function watchProcesses(pids: Map<string, number>): { stop(): void; read(): Record<string, ProcessUse> } {
  const cpuBefore = readCpuMs(pids);
  const ownBefore = process.cpuUsage();
  const uses = new Map<string, ProcessUse>();
  const see = (name: string, cpuMs: number, memoryMb: number) => {
    const most = Math.max(Math.round(memoryMb), uses.get(name)?.memoryMb ?? 0);
    uses.set(name, { cpuSeconds: Number((cpuMs / 1000).toFixed(2)), memoryMb: most });
  };
  const look = () => {
    const { user, system } = process.cpuUsage(ownBefore);
    see('sale', (user + system) / 1000, process.memoryUsage.rss() / MB);
    for (const [name, { cpuMs, memoryKb }] of readUses(pids)) {
      see(name, cpuMs - (cpuBefore.get(name) ?? 0), memoryKb / 1024);
    }
  };
  look();
  const looking = setInterval(look, LOOK_MS);
  return {
    stop() {
      clearInterval(looking);
      look();
    },
    read: () => Object.fromEntries(uses),
  };
}
