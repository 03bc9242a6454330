import { finished } from 'node:stream/promises';
import t from 'tap';
import { makeSampleDraw } from '../../ci/generate/make-sample-draw.ts';
import type { Draw } from '../../proto/gen/flashsale/v1/Draw.ts';
import { createDrawFiles } from './draw-files.ts';

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
