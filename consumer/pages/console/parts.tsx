import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiError } from '../call-api.ts';
import { describeFault } from './describe-fault.ts';
import type { FieldError } from './field-errors.ts';
import { say } from './texts.ts';

// The few elements that several parts of the console share.

type PanelProps = { title: string; id: string; aside?: ComponentChildren; children: ComponentChildren; class?: string };

export function Panel({ title, id, aside, children, class: name = '' }: PanelProps) {
  return (
    <section class={`panel ${name}`} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** What is wider than its box scrolls in it, and not the page. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    // biome-ignore lint/a11y/useSemanticElements: no landmark, for the panel around it is one, and no fieldset
    <div class="scroll" role="group" tabIndex={0} aria-label={label}>
      {children}
    </div>
  );
}

export function Fault({ error }: { error: ApiError | null }) {
  return (
    <p class="fault" role="alert">
      {error && describeFault(error)}
    </p>
  );
}

type FieldProps = {
  id: string;
  label: string;
  value: string;
  onInput(value: string): void;
  type?: 'text' | 'datetime-local';
  hint?: string;
  error?: FieldError | undefined;
  inputMode?: 'numeric' | 'decimal' | 'text';
  class?: string;
};

/** A label, its input, and what is wrong with it. */
export function Field({
  id,
  label,
  value,
  onInput,
  type = 'text',
  hint,
  error,
  inputMode,
  class: name = '',
}: FieldProps) {
  const kind = type === 'text' ? { type, ...(inputMode && { inputMode }) } : { type, step: '1' };
  const notes = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class={`field ${name}`}>
      <label for={id}>{label}</label>
      <input
        id={id}
        {...kind}
        value={value}
        autocomplete="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={notes || undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <span class="wrong" id={`${id}-error`}>
          {say(error.text, { value: error.value })}
        </span>
      )}
    </div>
  );
}

/** Asks once more before it does what cannot be missed. */
export function SureButton({
  label,
  sure,
  onClick,
  disabled,
}: {
  label: string;
  sure: string;
  onClick(): void;
  disabled?: boolean;
}) {
  const [asks, setAsks] = useState(false);
  return (
    <button
      type="button"
      class={asks ? 'danger' : ''}
      disabled={disabled}
      onBlur={() => setAsks(false)}
      onClick={() => {
        setAsks(!asks);
        if (asks) onClick();
      }}
    >
      {asks ? sure : label}
    </button>
  );
}

/** A choice of a few, as buttons side by side. */
export function Choice<T extends string | number>(props: {
  label: string;
  value: T;
  options: [T, string][];
  onChoose(value: T): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot stand in line
    <div class="choice" role="group" aria-label={props.label}>
      {props.options.map(([value, text]) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onChoose(value)}>
          {text}
        </button>
      ))}
    </div>
  );
}
