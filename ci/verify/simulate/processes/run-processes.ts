import type { SimulatedProcess } from '../world/simulated-process.ts';
import type { ProcessOptions } from './process-options.ts';
import { type SimulatedConsumer, startConsumer } from './start-consumer.ts';
import { type SimulatedProvider, startProvider } from './start-provider.ts';
import { startWorker } from './start-worker.ts';

export type ProcessKind = 'consumer' | 'provider' | 'worker';

/** The processes of one run. The successor of a killed process gets its place. */
export type Processes = {
  consumers(): SimulatedConsumer[];
  providers(): SimulatedProvider[];
  all(kind: ProcessKind): SimulatedProcess[];
  kill(kind: ProcessKind): { place: number; name: string };
  start(kind: ProcessKind, place: number): void;
};

export function runProcesses(run: Omit<ProcessOptions, 'name'>): Processes {
  const { world, sale } = run;
  const consumers: SimulatedConsumer[] = [];
  const providers: SimulatedProvider[] = [];
  const workers: SimulatedProcess[] = [];
  let started = 0;

  function start(kind: ProcessKind, place: number): void {
    started += 1;
    const options = { ...run, name: `${kind}-${started}` };
    switch (kind) {
      case 'consumer':
        consumers[place] = startConsumer(options, () => providers);
        return;
      case 'provider':
        providers[place] = startProvider(options);
        return;
      case 'worker':
        workers[place] = startWorker(options);
        return;
      default:
        kind satisfies never;
    }
  }

  function all(kind: ProcessKind): SimulatedProcess[] {
    if (kind === 'worker') return workers;
    return (kind === 'consumer' ? consumers : providers).map(({ process }) => process);
  }

  for (let i = 0; i < sale.providers; i += 1) start('provider', i);
  for (let i = 0; i < sale.consumers; i += 1) start('consumer', i);
  for (let i = 0; i < sale.workers; i += 1) start('worker', i);

  return {
    all,
    start,
    consumers: () => consumers,
    providers: () => providers,
    kill(kind) {
      const list = all(kind);
      const place = world.random.whole(0, list.length - 1);
      const process = list[place] as SimulatedProcess;
      process.kill();
      return { place, name: process.name };
    },
  };
}
