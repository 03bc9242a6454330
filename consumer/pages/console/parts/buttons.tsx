import type { ComponentChildren } from 'preact';

type ActionProps = {
  children: ComponentChildren;
  onClick?: () => void;
  type?: 'button' | 'submit';
  class?: string;
  /** Its action is running: clicks are ignored, and the button keeps the focus, which a disabled button would lose. */
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

/** A few options, as buttons side by side. */
export function Choice<T extends string | number>(props: {
  label: string;
  value: T;
  options: [T, string][];
  onChoose(value: T): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot be inline
    <div class="choice" role="group" aria-label={props.label}>
      {props.options.map(([value, text]) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onChoose(value)}>
          {text}
        </button>
      ))}
    </div>
  );
}
