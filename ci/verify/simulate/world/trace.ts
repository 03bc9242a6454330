/** The events of a run, one line each. Two runs with the same events have the same hash. */
export type Trace = {
  add(line: () => string): void;
  /** The last lines. */
  lines(): string[];
  hash(): string;
};

const KEPT_LINES = 40;

export function createTrace(nowMs: () => number, onLine?: (line: string) => void): Trace {
  let kept: string[] = [];
  let hash = 0x811c9dc5;
  return {
    add(line) {
      const text = `${(nowMs() / 1000).toFixed(4).padStart(9)}  ${line()}`;
      for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      kept.push(text);
      if (kept.length > 2 * KEPT_LINES) kept = kept.slice(-KEPT_LINES);
      onLine?.(text);
    },
    lines: () => kept.slice(-KEPT_LINES),
    hash: () => (hash >>> 0).toString(16).padStart(8, '0'),
  };
}
