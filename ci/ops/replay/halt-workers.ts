import { callSupervisor } from '../../local/supervisor/call-supervisor.ts';

export type ListedWorker = { name: string; isRunning: boolean };

/** The order-workers of the system of npm start that lives in `dir`, halted ones too. */
export async function listWorkers(dir: string): Promise<ListedWorker[]> {
  const { processes } = await callSupervisor(dir, { ask: 'list' });
  return processes
    .filter(({ kind }) => kind === 'order-worker')
    .map(({ name, pid }) => ({ name, isRunning: pid !== undefined }));
}

/** Stops the workers until they are started by --since, or by a release. Resolves with their names. */
export async function haltWorkers(dir: string, print: (line: string) => void): Promise<string[]> {
  const workers = await listWorkers(dir);
  for (const { name, isRunning } of workers) {
    await callSupervisor(dir, { ask: 'halt', name });
    print(`· ${name} … ${isRunning ? 'stopped' : 'is stopped already'}`);
  }
  return workers.map(({ name }) => name);
}
