import { effect, signal } from '@preact/signals';
import type { ApiError } from '../../call-api.ts';
import { type FieldError, fieldErrors } from '../parts/field-errors.ts';
import { chosenSid } from './stock-events.ts';
import { type Change, changeStock, removeStock } from './stocks.ts';

// Changes of the chosen stock, one at a time, and their results.

export const isApplying = signal(false);
/** The text about the last change. */
export const applied = signal('');
export const fault = signal<ApiError | null>(null);
/** Errors of fields, by the API's names. */
export const fieldFaults = signal<Record<string, FieldError>>({});

// Messages belong to one stock.
effect(() => {
  chosenSid.value;
  forget();
});

export function forget(): void {
  applied.value = '';
  fault.value = null;
  fieldFaults.value = {};
}

/** Resolves with whether the change was made; then `text` is shown. */
export function applyChange(sid: string, change: Change, text: string): Promise<boolean> {
  return apply(sid, () => changeStock(sid, change), text);
}

export function applyRemoval(sid: string): Promise<boolean> {
  return apply(sid, () => removeStock(sid), '');
}

async function apply(sid: string, act: () => Promise<unknown>, text: string): Promise<boolean> {
  if (isApplying.value) return false;
  isApplying.value = true;
  forget();
  // Another stock may have been chosen before the answer.
  const isStillChosen = () => chosenSid.value === sid;
  try {
    await act();
    if (isStillChosen()) applied.value = text;
    return true;
  } catch (error) {
    if (isStillChosen()) {
      fault.value = error as ApiError;
      fieldFaults.value = fieldErrors(fault.value.problem);
    }
    return false;
  } finally {
    isApplying.value = false;
  }
}
