import { signal } from '@preact/signals';
import type { ApiError } from '../../call-api.ts';
import { callAdmin } from '../parts/access.ts';

/** As `GET /admin/experiments` has it. Times in milliseconds. */
export type Experiment = {
  experimentId: string;
  state: 'queued' | 'running' | 'done' | 'failed';
  buyers: number;
  units: number;
  ways: Lane[];
  startedAt: string;
  endedAt: string | null;
  error: string | null;
};

/** One way to sell, and how far it came. What is measured is null until it is done. */
export type Lane = {
  way: string;
  shows: string;
  state: 'waiting' | 'running' | 'done';
  answered: number;
  requests: number | null;
  confirmed: number | null;
  rows: number | null;
  sold: number | null;
  oversold: number | null;
  unsold: number | null;
  limited: number | null;
  errors: number | null;
  ordersPerSecond: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  why: string | null;
  samples: Sample[];
};
export type Sample = { ms: number; rows: number; answered: number };

type List = { experiments: Experiment[]; runner: boolean; ways: { way: string; shows: string }[] };

/** What can be asked for; null: not known yet. */
export const ways = signal<List['ways'] | null>(null);
/** Whether there is somebody to run one. */
export const runner = signal(false);
/** Newest first. */
export const experiments = signal<Experiment[]>([]);
/** Which is shown. Null: the newest. */
export const shownId = signal<string | null>(null);
/** Why there are none to be shown. */
export const arenaFault = signal<ApiError | null>(null);

const KEPT = 10;

export async function loadExperiments(): Promise<void> {
  const before = experiments.value;
  try {
    const { body } = await callAdmin<List>('/admin/experiments');
    ways.value = body.ways;
    runner.value = body.runner;
    // What moved while the list was on its way is newer than the list.
    const moved = experiments.value.filter((one) => !before.includes(one));
    const told = body.experiments.filter(({ experimentId }) => !moved.some((one) => one.experimentId === experimentId));
    experiments.value = newestFirst([...moved, ...told]);
    arenaFault.value = null;
  } catch (error) {
    arenaFault.value = error as ApiError;
  }
}

/** Rejects with an ApiError. */
export async function runExperiment(wish: { ways: string[]; buyers?: number; units?: number }): Promise<void> {
  const { body } = await callAdmin<Experiment>('/admin/experiments', { method: 'POST', body: wish });
  shownId.value = null;
  takeExperiment(body);
}

/** One that moved. */
export function takeExperiment(moved: Experiment): void {
  const isSame = ({ experimentId }: Experiment) => experimentId === moved.experimentId;
  const known = experiments.value.find(isSame);
  // An answer that was on its way when the end was told.
  if (known && !isUnderWay(known) && isUnderWay(moved)) return;
  // Somebody runs it, whatever the list said before.
  if (moved.state === 'running') runner.value = true;
  experiments.value = newestFirst([moved, ...experiments.value.filter((one) => !isSame(one))]);
}

function newestFirst(all: Experiment[]): Experiment[] {
  return all.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt)).slice(0, KEPT);
}

/** Asks for one again; for when the live figures are lost. */
export async function reloadExperiment(id: string): Promise<void> {
  const { body } = await callAdmin<Experiment>(`/admin/experiments/${encodeURIComponent(id)}`);
  takeExperiment(body);
}

export const isUnderWay = ({ state }: Experiment): boolean => state === 'queued' || state === 'running';
