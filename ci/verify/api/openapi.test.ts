import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readOpenApi } from '../../generate/read-openapi.ts';
import { declaredBreaks } from './declared-breaks.ts';
import { type Break, findBreaks } from './find-breaks.ts';
import { runRedocly } from './run-redocly.ts';

const CURRENT = 'docs/openapi.json';
const RELEASED = 'ci/verify/api/released/openapi.json';
const nameOf = ({ change, path }: Break) => `${change} ${path}`;
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

t.test('docs/openapi.json is what a consumer serves', async (t) => {
  t.same(await readOpenApi(), read(CURRENT), 'otherwise: npm run generate');
});

t.test('redocly finds nothing in docs/openapi.json', async (t) => {
  const { passed, text } = runRedocly('lint', CURRENT);
  t.ok(passed, text);
});

t.test('the HTTP API breaks no client of the last release, except as declared', async (t) => {
  const breaks = findBreaks(RELEASED, CURRENT).map(nameOf);
  const declared = declaredBreaks.map(nameOf);
  t.same(
    breaks.filter((name) => !declared.includes(name)),
    [],
    'otherwise: declared-breaks.ts',
  );
  t.same(
    declared.filter((name) => !breaks.includes(name)),
    [],
    'what is declared is a break',
  );
});

t.test('a change that breaks clients is found', async (t) => {
  const document = read(CURRENT);
  const changed = join(t.testdir(), 'openapi.json');
  delete document.paths['/api/v1/time'];
  delete document.components.schemas.Stock.properties.name;
  writeFileSync(changed, JSON.stringify(document));
  const breaks = findBreaks(CURRENT, changed).map(nameOf).join('\n');
  t.match(breaks, 'removed #/paths/~1api~1v1~1time');
  t.match(breaks, /removed .*\/name/);
});
