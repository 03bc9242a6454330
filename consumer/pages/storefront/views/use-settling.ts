import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Act } from '../purchases/describe-purchase.ts';
import { type Meaning, noteMeaning } from './note-meaning.ts';

// The second click of a double click comes up to half a second after the first.
const SETTLE_MS = 700;

/**
 * Whether a button with this meaning at this place of the list is to ignore clicks, because less than 700 ms ago it meant something else, was
 * elsewhere, or offered another price: such a click was meant for what was there before. A button that opens (`none` to `buy`) takes clicks at
 * once.
 */
export function useSettling(act: Act, index: number, priceCents: number): () => boolean {
  const seen = useRef<Meaning>({ act, index, priceCents, changedMs: Number.NEGATIVE_INFINITY });
  seen.current = noteMeaning(seen.current, { act, index, priceCents }, performance.now());
  const { changedMs } = seen.current;
  // The latest change that is old enough; the button is drawn again when it becomes so.
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
