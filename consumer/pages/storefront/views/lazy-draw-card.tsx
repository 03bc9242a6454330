import { signal } from '@preact/signals';
import type { DrawCardProps } from '../draws/draw-card.tsx';
import { translate } from '../parts/translate.ts';

// The code of draws is loaded with the first card that needs it: a page without draws does not pay for it.

type Loaded = typeof import('../draws/draw-card.tsx');

const AGAIN_MS = 5000;
const loaded = signal<Loaded | null>(null);
let isLoading = false;

/** Repeats while the shop does not answer. */
async function load(): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  while (loaded.value === null) {
    loaded.value = await import('../draws/draw-card.tsx').catch(() => null);
    if (loaded.value === null) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

export function LazyDrawCard(props: DrawCardProps) {
  const { value: code } = loaded;
  if (code) return <code.DrawCard {...props} />;
  void load();
  return <p class="facts draw-loading">{translate('loading')}</p>;
}
