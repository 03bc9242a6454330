/** Of a failure: which rule, what was said, what came, and how to do it again. */
const LINES = 12;

export type FuzzedCall = { name: string; failures: string[] };

/** What schemathesis' JUnit report says of each call of the API: the first lines of each failure. */
export function readJunit(xml: string): FuzzedCall[] {
  return [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, attributes = '', inside = '']) => ({
      name: plain(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? 'a call without a name'),
      failures: [...inside.matchAll(/<(?:failure|error)\b([^>]*?)(?:\/>|>([\s\S]*?)<\/(?:failure|error)>)/g)].map(
        ([, , text = '']) => plain(text).trim().split(/\n+/).slice(0, LINES).join(' | '),
      ),
    }),
  );
}

function plain(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', '#10': '\n' };
  return text.replace(/&(#?\w+);/g, (all, name: string) => entities[name] ?? all);
}
