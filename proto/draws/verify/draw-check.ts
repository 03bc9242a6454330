export type DrawCheckName =
  | 'file'
  | 'rules'
  | 'seed'
  | 'statement'
  | 'entries'
  | 'left'
  | 'beacon'
  | 'attempts'
  | 'seen'
  | 'ticket'
  | 'places';

/** A check of a draw's public file. A `warning` holds, and leaves something that nobody can check. */
export type DrawCheck = { name: DrawCheckName; ok: boolean; warning?: boolean; detail: string };

export function drawCheckOf(name: DrawCheckName, ok: boolean, detail: string): DrawCheck {
  return { name, ok, detail };
}

export function drawWarningOf(name: DrawCheckName, detail: string): DrawCheck {
  return { name, ok: true, warning: true, detail };
}
