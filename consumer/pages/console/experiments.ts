import { signal } from '@preact/signals';
import type { ApiError } from '../call-api.ts';
import { callAdmin } from './access.ts';

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
  try {
    const { body } = await callAdmin<List>('/admin/experiments');
    ways.value = body.ways;
    runner.value = body.runner;
    experiments.value = body.experiments;
    arenaFault.value = null;
  } catch (error) {
    arenaFault.value = error as ApiError;
  }
}

/** Rejects with an ApiError. */
export async function runExperiment(wish: { ways: string[]; buyers: number; units: number }): Promise<void> {
  const { body } = await callAdmin<Experiment>('/admin/experiments', { method: 'POST', body: wish });
  shownId.value = null;
  takeExperiment(body);
}

/** One that moved. */
export function takeExperiment(moved: Experiment): void {
  const others = experiments.value.filter(({ experimentId }) => experimentId !== moved.experimentId);
  const known = others.length < experiments.value.length;
  experiments.value = known
    ? experiments.value.map((one) => (one.experimentId === moved.experimentId ? moved : one))
    : [moved, ...others].slice(0, KEPT);
}

/** Asks for one again; for when the live figures are lost. */
export async function reloadExperiment(id: string): Promise<void> {
  const { body } = await callAdmin<Experiment>(`/admin/experiments/${encodeURIComponent(id)}`);
  takeExperiment(body);
}

export const isUnderWay = ({ state }: Experiment): boolean => state === 'queued' || state === 'running';
