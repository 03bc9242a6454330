import { readCpuMs, readUsage } from '../../../local/supervisor/read-usage.ts';

/** CPU time and peak memory of a process and its descendants. */
export type ProcessUse = { cpuSeconds: number; memoryMb: number };

const SAMPLE_MS = 1000;
const MB = 1024 * 1024;

/** Samples these local processes once a second until it is stopped. `sale` is this process without its descendants. */
export function watchProcesses(pids: Map<string, number>): { stop(): void; read(): Record<string, ProcessUse> } {
  const cpuBefore = readCpuMs(pids);
  const ownBefore = process.cpuUsage();
  const uses = new Map<string, ProcessUse>();
  const add = (name: string, cpuMs: number, memoryMb: number) => {
    const peakMb = Math.max(Math.round(memoryMb), uses.get(name)?.memoryMb ?? 0);
    uses.set(name, { cpuSeconds: Number((cpuMs / 1000).toFixed(2)), memoryMb: peakMb });
  };
  const sample = () => {
    const { user, system } = process.cpuUsage(ownBefore);
    add('sale', (user + system) / 1000, process.memoryUsage.rss() / MB);
    for (const [name, { cpuMs, memoryKb }] of readUsage(pids)) {
      add(name, cpuMs - (cpuBefore.get(name) ?? 0), memoryKb / 1024);
    }
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      sample();
    },
    read: () => Object.fromEntries(uses),
  };
}
