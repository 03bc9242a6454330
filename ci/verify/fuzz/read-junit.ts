const MAX_LINES = 12;

export type FuzzedCall = { name: string; failures: string[] };

/** Reads schemathesis' JUnit report: for each operation, the first lines of each failure. */
export function readJunit(xml: string): FuzzedCall[] {
  return [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, attributes = '', inside = '']) => ({
      name: decodeEntities(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? 'unnamed operation'),
      failures: [...inside.matchAll(/<(?:failure|error)\b([^>]*?)(?:\/>|>([\s\S]*?)<\/(?:failure|error)>)/g)].map(
        ([, , text = '']) => decodeEntities(text).trim().split(/\n+/).slice(0, MAX_LINES).join(' | '),
      ),
    }),
  );
}

function decodeEntities(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', '#10': '\n' };
  return text.replace(/&(#?\w+);/g, (all, name: string) => entities[name] ?? all);
}
