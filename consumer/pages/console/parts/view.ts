import { signal } from '@preact/signals';

export const VIEWS = ['live', 'stocks', 'arena', 'trace', 'actions'] as const;
export type View = (typeof VIEWS)[number];

/** The open view and its argument: `#trace/ORDERNO`. */
export const view = signal(readView());

function readView(): { name: View; rest: string } {
  const [name, rest = ''] = location.hash.slice(1).split('/');
  return { name: VIEWS.find((known) => known === name) ?? 'live', rest: decode(rest) };
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
