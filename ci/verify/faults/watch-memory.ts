import { readFileSync } from 'node:fs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import type { MemoryPeaks } from './judge-fault.ts';

const LOOK_EVERY_MS = 250;
const OURS = ['consumer', 'provider', 'order-worker'];

/** Follows the resident memory of our own processes; `stop` returns the most that each took, in megabytes. */
export function watchMemory(supervisor: Supervisor): { stop(): MemoryPeaks } {
  const peaksMb: MemoryPeaks = {};
  const look = () => {
    for (const { name, kind, pid } of supervisor.list()) {
      if (!OURS.includes(kind) || pid === undefined) continue;
      peaksMb[name] = Math.max(peaksMb[name] ?? 0, readResidentMb(pid));
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return peaksMb;
    },
  };
}

function readResidentMb(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0; // Between its end and the next start.
  }
}
