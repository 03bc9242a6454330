import { callSupervisor } from '../../local/supervisor/call-supervisor.ts';

export type ListedWorker = { name: string; isRunning: boolean };

/** The order-workers of the system in `dir`, also halted ones. */
export async function listWorkers(dir: string): Promise<ListedWorker[]> {
  const { processes } = await callSupervisor(dir, { ask: 'list' });
  return processes
    .filter(({ kind }) => kind === 'order-worker')
    .map(({ name, pid }) => ({ name, isRunning: pid !== undefined }));
}

/** Stops the workers until --since or a release starts them. Resolves with their names. */
export async function haltWorkers(dir: string, print: (line: string) => void): Promise<string[]> {
  const workers = await listWorkers(dir);
  for (const { name, isRunning } of workers) {
    await callSupervisor(dir, { ask: 'halt', name });
    print(`· ${name} … ${isRunning ? 'stopped' : 'already stopped'}`);
  }
  return workers.map(({ name }) => name);
}
