import type { ComponentChildren } from 'preact';
import { NONE } from './formats.ts';

type FigureProps = { name: string; value: string; unit?: string; class?: string; children: ComponentChildren };

/** A figure with its name, and a line below it. */
export function Figure({ name, value, unit, class: more = '', children }: FigureProps) {
  return (
    <div class={`figure ${more}`}>
      <dt>{name}</dt>
      <dd>
        <b class="number">
          {value}
          {unit && value !== NONE && <small>{unit}</small>}
        </b>
        <span class="number">{children}</span>
      </dd>
    </div>
  );
}
