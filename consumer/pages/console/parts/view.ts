import { signal } from '@preact/signals';

export const VIEWS = ['sale', 'trace', 'stocks', 'actions', 'live', 'arena'] as const;
export type View = (typeof VIEWS)[number];

/** The views behind the tab System. */
export const SYSTEM_VIEWS: readonly View[] = ['live', 'arena'];

/** The open view and its argument: `#trace/ORDERNO`. */
export const view = signal(readView());

function readView(): { name: View; rest: string } {
  const [name, rest = ''] = location.hash.slice(1).split('/');
  return { name: VIEWS.find((known) => known === name) ?? 'sale', rest: decode(rest) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

addEventListener('hashchange', () => {
  view.value = readView();
});

export function openView(name: View, rest = ''): void {
  location.hash = rest ? `${name}/${encodeURIComponent(rest)}` : name;
}
