import { computed, signal } from '@preact/signals';
import { identity } from '../../identity.ts';
import { reportRefused } from '../parts/call-admin.ts';
import { stockEvent } from '../stocks/stock-events.ts';
import { ANSWERS, type Answer, LAYERS, type Layer, type LiveView } from './live-types.ts';
import { createRollingWindow } from './rolling-window.ts';
import { shareLive } from './share-live.ts';
import { type Counted, splitRequests } from './split-requests.ts';

// The page shows at most five minutes.
const KEEP_MS = 300_000;
// Figures arrive every second; older ones are outdated.
const STALE_MS = 4000;

/** `failed`: busy and errors. */
export type Figure = 'confirmed' | 'failed' | Answer | Layer | 'left' | 'p50' | 'p90' | 'p99' | 'lag';

/** The latest figures, also after the connection is lost. */
export const live = signal<LiveView | null>(null);
export const history = createRollingWindow<Figure>(KEEP_MS);
/** Changes with every row of `history`. */
export const rows = signal(0);
/** The displayed time range. */
export const spanMs = signal(120_000);

/** When the last figures arrived, by this device's clock. */
export const receivedMs = signal<number | null>(null);
const nowMs = signal(Date.now());
const isOpen = signal(false);

/** `waiting`: no figures yet. */
export const link = computed<'waiting' | 'live' | 'lost'>(() => {
  if (receivedMs.value === null) return 'waiting';
  return isOpen.value && nowMs.value - receivedMs.value < STALE_MS ? 'live' : 'lost';
});

setInterval(() => {
  nowMs.value = Date.now();
}, 1000);

/** The requests of the displayed time range, split by where each one ended. */
export function splitShown(): ReturnType<typeof splitRequests> {
  const names = [...ANSWERS, ...LAYERS, 'confirmed'] as const;
  const totals = names.map((name) => [name, history.total(name, spanMs.value)]);
  return splitRequests(Object.fromEntries(totals) as Counted);
}

/** Follows the live figures with this token until the returned function is called. `onExperiment`: called with each experiment event. */
export function followLive(token: string, onExperiment: (data: unknown) => void): () => void {
  return shareLive('/admin/live', {
    token: () => identity.value?.token,
    onState: (state) => {
      isOpen.value = state === 'open';
    },
    onRefused: (status) => void reportRefused(status, token),
    onEvent(event, data) {
      if (event === 'live') take(data as LiveView);
      else if (event === 'experiment') onExperiment(data);
    },
  });
}

function take(figures: LiveView): void {
  const { perSecond, turnedAway, decisionMs, lag } = figures;
  const layers = Object.fromEntries(LAYERS.map((layer) => [layer, turnedAway[layer] ?? 0])) as Record<Layer, number>;
  // Servers of the previous release may not send all of them.
  const answers = Object.fromEntries(ANSWERS.map((answer) => [answer, perSecond[answer] ?? 0])) as Record<
    Answer,
    number
  >;
  history.add(Date.parse(figures.at), {
    ...answers,
    ...layers,
    confirmed: perSecond.confirmed,
    failed: answers.errors + answers.busy,
    left: stockEvent.value?.left ?? null,
    p50: decisionMs?.p50 ?? null,
    p90: decisionMs?.p90 ?? null,
    p99: decisionMs?.p99 ?? null,
    lag: lag.total,
  });
  live.value = figures;
  nowMs.value = Date.now();
  receivedMs.value = Date.now();
  rows.value += 1;
}
