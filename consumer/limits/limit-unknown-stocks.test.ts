import { status } from '@grpc/grpc-js';
import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { limitUnknownStocks } from './limit-unknown-stocks.ts';

t.test('reads of unknown ids are limited, reads of known stocks are not', async (t) => {
  const clock = fakeClock();
  let calls = 0;
  const getStock = limitUnknownStocks(clock, (async ({ sid }: { sid: number }) => {
    calls += 1;
    if (sid < 100) return { sid };
    throw Object.assign(new Error('there is none'), { code: status.NOT_FOUND });
  }) as never);
  const codeOf = (sid: number) =>
    getStock({ sid }).then(
      () => 'found',
      (error: { code: unknown }) => error.code,
    );
  t.equal(await codeOf(7), 'found');
  const answers = new Map<unknown, number>();
  for (let sid = 1000; sid < 11_000; sid += 1) {
    const code = await codeOf(sid);
    answers.set(code, (answers.get(code) ?? 0) + 1);
  }
  t.same([...answers.keys()], [status.NOT_FOUND, 'busy']);
  t.ok(calls <= 201, `${calls} calls`);
  t.equal(await codeOf(7), 'found', 'it is known');
  t.equal(await codeOf(8), 'busy');
  await clock.advance(1000);
  for (let sid = 10; sid < 99; sid += 1) t.equal(await codeOf(sid), 'found');
  t.equal(await codeOf(1000), status.NOT_FOUND, 'stocks that are found take nothing');
});

t.test('a thousand stocks can be read for the first time at once', async (t) => {
  const reads: (() => void)[] = [];
  const getStock = limitUnknownStocks(
    fakeClock(),
    (({ sid }: { sid: number }) => new Promise((resolve) => reads.push(() => resolve({ sid })))) as never,
  );
  const found = Promise.all(Array.from({ length: 1000 }, (_, i) => getStock({ sid: i + 1 })));
  let answered = 0;
  let mostAtOnce = 0;
  while (answered < 1000 && reads.length > 0) {
    mostAtOnce = Math.max(mostAtOnce, reads.length);
    answered += reads.length;
    for (const answer of reads.splice(0)) answer();
    await new Promise(setImmediate);
  }
  t.same((await found).at(-1), { sid: 1000 });
  t.ok(mostAtOnce <= 200, `${mostAtOnce} at once`);
});
