import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Meaning, noteMeaning } from './note-meaning.ts';

// The second click of a double click comes up to half a second after the first.
const SETTLE_MS = 700;

/**
 * Whether the button must ignore clicks because its act, position or price changed less than 700 ms ago: such a click was meant for
 * the previous state. A button that opens (`none` to `buy`) accepts clicks at once. `sinceMs`: when it took the place of another button.
 */
export function useSettling(
  act: string,
  index: number,
  amount: number,
  sinceMs = Number.NEGATIVE_INFINITY,
): () => boolean {
  const seen = useRef<Meaning>({ act, index, amount, changedMs: sinceMs });
  seen.current = noteMeaning(seen.current, { act, index, amount }, performance.now());
  const { changedMs } = seen.current;
  // The latest change that has settled; the button is drawn again when the next one has.
  const settledMs = useSignal(changedMs);
  useEffect(() => {
    const timer = setTimeout(() => {
      settledMs.value = changedMs;
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [changedMs]);
  const isSettled = settledMs.value === changedMs;
  return () => !isSettled || seen.current.changedMs !== changedMs;
}
