import { signal } from '@preact/signals';
import type { Experiment, ExperimentRequest, ExperimentStrategy } from '../../../../proto/messages/experiment.ts';
import type { ApiError } from '../../call-api.ts';
import { callAdmin } from '../parts/call-admin.ts';

export type { Experiment, ExperimentStrategy as Lane } from '../../../../proto/messages/experiment.ts';

type List = { experiments: Experiment[]; runner: boolean; ways: Pick<ExperimentStrategy, 'way' | 'shows'>[] };

/** The available strategies; null: not known yet. */
export const strategies = signal<List['ways'] | null>(null);
/** Whether a process is available to run experiments. */
export const hasRunner = signal(false);
/** Newest first. */
export const experiments = signal<Experiment[]>([]);
/** The displayed experiment; null: the newest. */
export const shownId = signal<string | null>(null);
/** Why the list could not be read. */
export const arenaFault = signal<ApiError | null>(null);

const KEPT = 10;

export async function loadExperiments(): Promise<void> {
  const before = experiments.value;
  try {
    const { body } = await callAdmin<List>('/admin/experiments');
    strategies.value = body.ways;
    hasRunner.value = body.runner;
    // Experiments that changed during the request are newer than the list.
    const changed = experiments.value.filter((experiment) => !before.includes(experiment));
    const listed = body.experiments.filter((experiment) => !changed.some((other) => isSame(other, experiment)));
    experiments.value = newestFirst([...changed, ...listed]);
    arenaFault.value = null;
  } catch (error) {
    arenaFault.value = error as ApiError;
  }
}

/** Rejects with an ApiError. */
export async function runExperiment(request: Partial<ExperimentRequest>): Promise<void> {
  const { body } = await callAdmin<Experiment>('/admin/experiments', { method: 'POST', body: request });
  shownId.value = null;
  takeExperiment(body);
}

/** Adds an experiment to the list, or updates it there. */
export function takeExperiment(changed: Experiment): void {
  const known = experiments.value.find((experiment) => isSame(experiment, changed));
  // An answer from before the end arrived late.
  if (known && !isRunning(known) && isRunning(changed)) return;
  if (changed.state === 'running') hasRunner.value = true;
  experiments.value = newestFirst([changed, ...experiments.value.filter((other) => !isSame(other, changed))]);
}

function isSame(a: Experiment, b: Experiment): boolean {
  return a.experimentId === b.experimentId;
}

function newestFirst(all: Experiment[]): Experiment[] {
  return all.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt)).slice(0, KEPT);
}

/** Reads an experiment again, in case its events are lost. */
export async function reloadExperiment(id: string): Promise<void> {
  const { body } = await callAdmin<Experiment>(`/admin/experiments/${encodeURIComponent(id)}`);
  takeExperiment(body);
}

export const isRunning = ({ state }: Experiment): boolean => state === 'queued' || state === 'running';
