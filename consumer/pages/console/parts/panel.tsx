import type { ComponentChildren } from 'preact';
import type { ApiError } from '../../call-api.ts';
import { describeFault } from './describe-fault.ts';

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

/** Content that is too wide scrolls inside this box. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: neither a landmark, which is the panel, nor a fieldset
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
