import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { root } from '../../local/set-up/set-up.mjs';
import { copySources } from './copy-sources.ts';
import { describeMutants, fillMarkers } from './describe-mutants.ts';
import { mutants } from './mutant-list.ts';
import { runMutant } from './run-mutant.ts';

t.test('every text that a break replaces is in the sources, once', async (t) => {
  const stale = mutants.flatMap(({ name, edits }) =>
    edits
      .map(({ file, find }) => ({
        name,
        file,
        times: readFileSync(path.join(root, file), 'utf8').split(find).length - 1,
      }))
      .filter(({ times }) => times !== 1),
  );
  t.same(stale, []);
  t.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length, 'names are different');
});

t.test('a break is noticed, and undone afterwards', { timeout: 100_000 }, async (t) => {
  const copy = copySources('mutants-test');
  const [mutant] = mutants;
  if (!mutant) throw new Error('the list is empty');
  const [{ file } = { file: '' }] = mutant.edits;
  const before = readFileSync(path.join(copy.dir, file), 'utf8');
  const result = await runMutant(copy, mutant, 300, {});
  t.match(result, { name: 'no-version-check', caught: true, broke: 'sold out means sold out' });
  t.equal(readFileSync(path.join(copy.dir, file), 'utf8'), before);
  const stale = { ...mutant, edits: [{ file, find: 'no such text', replace: '' }] };
  t.throws(() => copy.apply(stale), { message: /found 0 times/ });
  const page = fillMarkers('a\n<!-- mutants:begin -->\nold\n<!-- mutants:end -->\nb', describeMutants([result]));
  t.match(page, /^a\n<!-- mutants:begin -->\n\| left out .*\n<!-- mutants:end -->\nb$/s);
  t.notMatch(page, /^old$/m);
});
