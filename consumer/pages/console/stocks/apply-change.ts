import { effect, signal } from '@preact/signals';
import type { ApiError } from '../../call-api.ts';
import { type FieldError, fieldErrors } from '../parts/field-errors.ts';
import { chosenSid } from './stock-events.ts';
import { type Change, changeStock, removeStock } from './stocks.ts';

// A change of the chosen stock: one at a time, and what came of it.

export const isApplying = signal(false);
/** What was done. */
export const applied = signal('');
export const fault = signal<ApiError | null>(null);
/** What is wrong with fields, by the API's names. */
export const fieldsWrong = signal<Record<string, FieldError>>({});

// What was said of one stock says nothing of another.
effect(() => {
  chosenSid.value;
  forget();
});

export function forget(): void {
  applied.value = '';
  fault.value = null;
  fieldsWrong.value = {};
}

/** Returns whether it was done. `text` is said then. */
export function applyChange(sid: number, change: Change, text: string): Promise<boolean> {
  return apply(sid, () => changeStock(sid, change), text);
}

export function applyRemoval(sid: number): Promise<boolean> {
  return apply(sid, () => removeStock(sid), '');
}

async function apply(sid: number, act: () => Promise<unknown>, text: string): Promise<boolean> {
  if (isApplying.value) return false;
  isApplying.value = true;
  forget();
  // It may be another stock's turn by the time of the answer.
  const isStill = () => chosenSid.value === sid;
  try {
    await act();
    if (isStill()) applied.value = text;
    return true;
  } catch (error) {
    if (isStill()) {
      fault.value = error as ApiError;
      fieldsWrong.value = fieldErrors(fault.value.problem);
    }
    return false;
  } finally {
    isApplying.value = false;
  }
}
