import { status } from '@grpc/grpc-js';
import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { type CallsOf, shareCalls } from './share-calls.ts';

type Item = { sid: number };
type Reply = { name: string };

const fault = (code: status) => ({ reply: null, fault: { code, details: 'no' } });

/** The outcomes of stocks 1 to 3. \`alone\` finds every stock. */
async function share(results: Awaited<ReturnType<CallsOf<Item, Reply>['together']>>['results'], retriesItems: boolean) {
  const asked: number[] = [];
  const read = shareCalls<Item, Reply>(
    { clock: fakeClock(), deadlineMs: 1000 },
    {
      together: async () => ({ results }),
      alone: async ({ sid }) => {
        asked.push(sid);
        return { name: 'alone' };
      },
      retriesItems,
    },
  );
  const settled = await Promise.allSettled([1, 2, 3].map((sid) => read({ sid })));
  return { asked, settled };
}

t.test('an item whose provider could not answer is asked for once more, and only where that is allowed', async (t) => {
  const results = [fault(status.UNAVAILABLE), { reply: { name: 'together' }, fault: null }, fault(status.NOT_FOUND)];
  const together = { status: 'fulfilled', value: { name: 'together' } };
  const missing = { status: 'rejected', reason: { code: status.NOT_FOUND, details: 'no' } };
  t.match(await share(results, true), {
    asked: [1],
    settled: [{ status: 'fulfilled', value: { name: 'alone' } }, together, missing],
  });
  const once = { status: 'rejected', reason: { code: status.UNAVAILABLE } };
  t.match(await share(results, false), { asked: [], settled: [once, together, missing] });
});

t.test('an item without a result fails', async (t) => {
  const { settled } = await share([{ reply: { name: 'together' }, fault: null }], true);
  const none = { status: 'rejected', reason: { code: status.INTERNAL } };
  t.match(settled, [{ status: 'fulfilled' }, none, none]);
});
