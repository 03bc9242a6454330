import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { fillMarkers } from '../../command/fill-markers.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { applyEdits, readSources } from './apply-edits.ts';
import { copySources } from './copy-sources.ts';
import { describeMutants } from './describe-mutants.ts';
import { mutantList } from './mutant-list.ts';
import { edit, editSql } from './rules/mutant.ts';
import { runMutant } from './run-mutant.ts';

t.test('every edit of every seeded bug applies exactly once', async (t) => {
  const sources = readSources(root);
  const stale = mutantList.flatMap(({ name, edits }) => {
    try {
      return applyEdits(sources, edits).size > 0 ? [] : [`${name}: no edits`];
    } catch (error) {
      return [`${name}: ${(error as Error).message}`];
    }
  });
  t.same(stale, []);
  t.equal(new Set(mutantList.map(({ name }) => name)).size, mutantList.length, 'names are unique');
});

t.test('edits compare syntax, not layout, and replace what they matched', async (t) => {
  const text = [
    'export async function buy(order: Order): Promise<void> {',
    '  // A comment.',
    '  const placed = (await send(',
    '    { ...order, repeat: true, },',
    '  )) as Placed; for (const item of all) { item(); }',
    '  await query(`SELECT sid',
    '    FROM stock`);',
    '}',
    'const other = () => send(1);',
  ].join('\n');
  const apply = (...edits: Parameters<typeof applyEdits>[1]) =>
    applyEdits(new Map([['a.ts', text]]), edits).get('a.ts');
  t.match(apply(edit('buy', 'send({...$1, repeat:true})', 'send($1)')), 'await (send(order))');
  t.match(apply(edit('buy', 'for (const item of all) $1', 'for (const item of []) $1')), 'of []) { item(); }');
  t.match(apply(editSql('buy', 'SELECT sid FROM', 'SELECT 1 FROM')), '`SELECT 1 FROM stock`');
  t.match(apply(edit('other', 'send($1)', '$1')), '() => (1)');
  t.throws(() => apply(edit('buy', 'send(1)', '2')), { message: /found 0 times in buy/ });
  t.throws(() => apply(edit('buy', 'item', '2')), { message: /found 2 times in buy/ });
  t.throws(() => apply(edit('sell', 'order', '2')), { message: /found 0 times in sell/ });
  t.throws(() => apply(edit('other', 'send($1)', '+')), SyntaxError, 'the result must be valid code');
});

t.test('a seeded bug is caught, and the files are restored', { timeout: 100_000 }, async (t) => {
  const copy = copySources('mutants-test');
  const [mutant] = mutantList;
  if (!mutant) throw new Error('the list is empty');
  const file = path.join('db', 'stocks', 'take-units.ts');
  const before = readFileSync(path.join(copy.dir, file), 'utf8');
  const result = await runMutant(copy, mutant, 300, {});
  // Which invariant breaks first depends on the threads and the seeds.
  t.match(result, { name: 'no-version-check', caught: true, failed: /\w/ });
  t.equal(readFileSync(path.join(copy.dir, file), 'utf8'), before);
  const page = t.testdir({ 'page.md': 'a\n<!-- mutants:begin -->\nold\n<!-- mutants:end -->\nb' });
  fillMarkers(path.join(page, 'page.md'), 'mutants', () => describeMutants([result]));
  const filled = readFileSync(path.join(page, 'page.md'), 'utf8');
  t.match(filled, /^a\n<!-- mutants:begin -->\n\| removed rule .*\n<!-- mutants:end -->\nb$/s);
  t.notMatch(filled, /^old$/m);
});
