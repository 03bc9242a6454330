import { runRedocly } from './run-redocly.ts';

/** A change of the HTTP API that breaks a client of the last release. */
export type Break = { change: 'added' | 'modified' | 'removed'; path: string };

type Report = { changes: { path: string; kind: Break['change']; impact: string }[] };

/** What breaks a client of the `base` document in the `revision`. Both are paths of files. */
export function findBreaks(base: string, revision: string): Break[] {
  const { output, text } = runRedocly('diff', base, revision, '--format', 'json', '--fail-on', 'none');
  if (!output.startsWith('{')) throw new Error(`redocly diff: ${text}`);
  return (JSON.parse(output) as Report).changes
    .filter(({ impact }) => impact === 'major')
    .map(({ kind, path }) => ({ change: kind, path }));
}
