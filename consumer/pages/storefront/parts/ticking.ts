import { signal } from '@preact/signals';
import { serverNowMs } from '../../server-clock.ts';

// A button opens at most this late.
const TICK_MS = 100;

const tick = signal(0);
setInterval(() => {
  if (document.visibilityState === 'visible') tick.value += 1;
}, TICK_MS);

/** The server's time. A component that calls this is drawn again at every tick. */
export function ticking(): number {
  // Read for the subscription.
  tick.value;
  return serverNowMs();
}
