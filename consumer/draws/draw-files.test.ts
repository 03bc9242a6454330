import { finished } from 'node:stream/promises';
import t from 'tap';
import { makeSampleDraw } from '../../ci/generate/make-sample-draw.ts';
import type { Draw } from '../../proto/gen/flashsale/v1/Draw.ts';
import { createDrawFiles, findStated } from './draw-files.ts';

const { file } = makeSampleDraw();
const draw = {
  sid: 7,
  attempt: 1,
  rules: Buffer.from(file.rules),
  voidAttempts: [],
  endedAttempts: [],
  entries: file.entryCount,
  root: Buffer.from(file.root),
  seed: Buffer.from(file.seed),
  statement: Buffer.from(file.statement),
  beaconSignature: Buffer.alloc(0),
} as unknown as Draw;

t.test('readers that stop reading do not keep out others for ever', async (t) => {
  const listEntryIds = async () => ({ ids: Buffer.from(file.ids) });
  const open = createDrawFiles({ listEntryIds }, 1000);
  const stalled = await Promise.all(Array.from({ length: 8 }, () => open(draw)));
  const ends = stalled.map((stream) => finished(stream));
  await t.rejects(open(draw), { code: 'busy' });
  for (const { status } of await Promise.allSettled(ends)) t.equal(status, 'rejected');
  const text = (await (await open(draw)).toArray()).join('');
  t.match(text, /\nleft\n[0-9a-f\n]*end\n$/);
});

t.test('the file of an ended attempt shows the attempts before it', (t) => {
  const bytes = Buffer.alloc(32, 1);
  const ended = (attempt: number, rest: object = {}) => ({ ...endedParts(bytes), attempt, ...rest });
  const voided = (attempt: number) => ({ attempt, drawId: bytes, rules: bytes, reason: '' });
  const now = {
    ...draw,
    attempt: 6,
    statedAtMs: undefined,
    voidAttempts: [voided(2), voided(4)],
    endedAttempts: [ended(1), ended(3), ended(5, { drawId: Buffer.alloc(0) })],
  } as unknown as Draw;
  const numbers = (list: { attempt: number }[] = []) => list.map(({ attempt }) => attempt);
  const found = findStated(now, 3);
  t.match(found, { sid: 7, attempt: 3, entries: 9 });
  t.same([numbers(found?.voidAttempts), numbers(found?.endedAttempts)], [[2], [1]]);
  t.equal(findStated(now, 4), null, 'void');
  t.equal(findStated(now, 6), null, 'not stated yet');
  t.equal(findStated(now, 7), null);
  t.throws(() => findStated(now, 5), { code: 'busy' }, 'a provider of an earlier release');
  t.equal(findStated({ ...now, statedAtMs: 1 }, 6)?.attempt, 6);
  t.end();
});

function endedParts(bytes: Buffer) {
  return {
    drawId: bytes,
    rules: bytes,
    root: bytes,
    seed: bytes,
    statement: bytes,
    entries: 9,
    beaconSignature: bytes,
  };
}
