import { translate } from '../texts/translate.ts';
import type { FieldError } from './field-errors.ts';
import { readLocalTime } from './read-local-time.ts';

type FieldProps = {
  id: string;
  label: string;
  value: string;
  onInput(value: string): void;
  hint?: string | undefined;
  error?: FieldError | undefined;
  inputMode?: 'numeric' | 'decimal' | 'text';
  class?: string;
  /** Several lines. */
  isLong?: boolean;
};

/** An input with its label, hint and error. */
export function Field({ type = 'text', ...props }: FieldProps & { type?: 'text' | 'datetime-local' }) {
  const { id, label, value, onInput, hint, error, inputMode, isLong = false, class: name = '' } = props;
  const kind =
    type === 'text' ? { type, ...(inputMode && { inputMode }) } : { type, step: '1', max: '9999-12-31T23:59:59' };
  const notes = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  const common = {
    id,
    value,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': notes || undefined,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  } as const;
  return (
    <div class={`field ${name}`}>
      <label for={id}>{label}</label>
      {isLong ? <textarea {...common} rows={3} /> : <input {...common} {...kind} autocomplete="off" />}
      {error && (
        <span class="wrong" id={`${id}-error`}>
          {translate(error.text, { value: error.value })}
        </span>
      )}
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

const ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A local time; the label names the time zone. */
export function TimeField({ label, hint, value, ...props }: Omit<FieldProps, 'inputMode'>) {
  const isTwice = readLocalTime(value)?.isTwice;
  return (
    <Field
      {...props}
      type="datetime-local"
      label={translate('inZone', { label, zone: ZONE })}
      value={value}
      hint={isTwice ? translate('timeTwice') : hint}
    />
  );
}

/** Whether the field contains an incomplete time. Its value is empty then, as if nothing had been typed. */
export function isUnreadable(form: HTMLFormElement, id: string): boolean {
  return form.querySelector<HTMLInputElement>(`#${id}`)?.validity.badInput ?? false;
}

/** Focuses the first invalid field, after the errors have been drawn. */
export function focusFirstWrong(form: HTMLFormElement): void {
  setTimeout(() => form.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus());
}
