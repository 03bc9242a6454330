import { signal } from '@preact/signals';
import { serverNowMs } from '../../server-clock.ts';

// So late at most is a button that opens.
const TICK_MS = 100;

const tick = signal(0);
setInterval(() => {
  if (document.visibilityState === 'visible') tick.value += 1;
}, TICK_MS);

/** The server's time; who asks while being drawn is drawn again as it goes on. */
export function ticking(): number {
  // Read for the subscription.
  tick.value;
  return serverNowMs();
}
