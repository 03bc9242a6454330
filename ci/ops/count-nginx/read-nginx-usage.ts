import { readFileSync } from 'node:fs';
import { readMemoryKb, readOwnCpuMs } from '../../local/supervisor/read-usage.ts';

/** CPU time so far and memory of nginx and its workers; zero if they cannot be read. Shared memory counts for each worker. */
export function readNginxUsage(pidFile: string): { cpuMs: number; memoryMb: number } {
  const pids = listPids(pidFile);
  const memoryKb = pids.reduce((sum, pid) => sum + readMemoryKb(pid), 0);
  return {
    cpuMs: pids.reduce((sum, pid) => sum + readOwnCpuMs(pid), 0),
    memoryMb: Math.round(memoryKb / 102.4) / 10,
  };
}

function listPids(pidFile: string): number[] {
  try {
    const master = Number(readFileSync(pidFile, 'utf8'));
    const workers = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ');
    return [master, ...workers.filter(Boolean).map(Number)];
  } catch {
    return [];
  }
}
