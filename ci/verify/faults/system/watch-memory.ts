import { readMemoryKb } from '../../../local/supervisor/read-usage.ts';
import type { Supervisor } from '../../../local/supervisor/start-supervisor.ts';

/** Peak memory in megabytes, by process. */
export type MemoryPeaks = Record<string, number>;

const SAMPLE_EVERY_MS = 250;
const SERVICES = ['consumer', 'provider', 'order-worker'];

/** Samples the resident memory of the services; `stop` returns the peaks. */
export function watchMemory(supervisor: Supervisor): { stop(): MemoryPeaks } {
  const peaksMb: MemoryPeaks = {};
  const sample = () => {
    for (const { name, kind, pid } of supervisor.list()) {
      if (!SERVICES.includes(kind) || pid === undefined) continue;
      peaksMb[name] = Math.max(peaksMb[name] ?? 0, Math.round(readMemoryKb(pid) / 1024));
    }
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return peaksMb;
    },
  };
}
