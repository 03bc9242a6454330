import type { ComponentChildren } from 'preact';
import type { ApiError } from '../../call-api.ts';
import { describeFault } from './describe-fault.ts';

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

type ActionProps = {
  children: ComponentChildren;
  onClick?: () => void;
  type?: 'button' | 'submit';
  class?: string;
  /** What it does is under way: it does nothing more, and keeps the focus, which a disabled button would lose. */
  isBusy?: boolean;
  disabled?: boolean;
};

export function ActionButton({ children, onClick, type = 'button', isBusy = false, disabled, ...more }: ActionProps) {
  return (
    <button
      type={type}
      class={more.class}
      disabled={disabled}
      aria-disabled={isBusy || undefined}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
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
