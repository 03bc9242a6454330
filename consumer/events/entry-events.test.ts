import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { listenToEvents } from '../../ci/testing/clients/listen-to-events.ts';
import { createTestDraw, TEST_DRAW_KEY } from '../../ci/testing/draws/create-test-draw.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';

// The stream of an entry, while real processes close, draw and make offers.

const servers = await createTestServers(t);
const { mysql } = servers;
const draws = { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY, ORDER_NO_KEY: testSecrets.ORDER_NO_KEY };
const provider = await startTestProvider(t, servers, draws);
await startTestWorker(t, servers, draws);
const api = `${await startTestConsumer(t, servers, [provider], { EVENT_LISTENERS_PER_BUYER: '2' })}/api/v1`;

const enter = (sid: number, as: string) => callApi(api, `/stocks/${sid}/entry`, { as, method: 'POST' });
const listen = (sid: number, as: string, headers: Record<string, string> = {}) =>
  listenToEvents(t, `${api}/stocks/${sid}/entry/events`, { ...bearer(as), ...headers });

t.test('a buyer learns of the statement, the draw and the offer without asking', async (t) => {
  const sid = await createTestDraw(mysql, { stock: { count: 1 }, count: 1 });
  const buyers = ['ann', 'bob'];
  for (const buyer of buyers) t.equal((await enter(sid, buyer)).status, 201);
  const streams = await Promise.all(buyers.map((buyer) => listen(sid, buyer)));
  for (const stream of streams) {
    t.match(await stream.find('the entry', ({ event }) => event === 'entry'), {
      data: { sid: String(sid), state: 'waiting', place: null, ticket: { salt: /./ } },
    });
    await stream.find('the draw', ({ event, data }) => event === 'draw' && data.state === 'taking');
  }
  await mysql.raw('UPDATE draw SET entries_close_at = NOW(3) WHERE sid = ?', [sid]);
  const offered = await waitUntil(
    'an offer',
    async () => {
      const index = streams.findIndex(({ events }) => events.some(({ data }) => data.state === 'offered'));
      if (index < 0) throw new Error('none');
      return index;
    },
    { limitMs: 60_000 },
  );
  const [first, second] = offered === 0 ? streams : streams.toReversed();
  const [winner = '', waiter = ''] = offered === 0 ? buyers : buyers.toReversed();
  if (!first || !second) throw new Error('no streams');
  const last = await first.find('the offer', ({ event, data }) => event === 'entry' && data.state === 'offered');
  t.match(last.data, { place: 1, orderNo: /./ });
  await first.untilEnd();
  t.equal((await listen(sid, winner, { 'last-event-id': last.id })).status, 204, 'nothing follows');
  await second.find(
    'the statement',
    ({ event, data }) => event === 'draw' && /^[0-9a-f]+$/.test(String(data.statement)),
  );
  await second.find('the draw', ({ event, data }) => event === 'draw' && data.state === 'drawn');
  await second.find('the place', ({ event, data }) => event === 'entry' && data.place === 2);
  await second.find('how far offers went', ({ event, data }) => event === 'draw' && data.offeredPlace === 1);
  t.notOk(second.ended());

  const cancelled = await callApi(api, `/orders/${last.data.orderNo}/cancel`, { as: winner, method: 'POST' });
  t.equal(cancelled.status, 200);
  t.match(await second.find('its turn', ({ data }) => data.state === 'offered'), { data: { place: 2, orderNo: /./ } });
  await second.untilEnd();
  t.equal(second.events.filter(({ event, data }) => event === 'entry' && data.place === 2).length, 2, waiter);
});

t.test('a stream needs an entry, and a buyer has few of them', async (t) => {
  const sid = await createTestDraw(mysql);
  t.match(await callApi(api, `/stocks/${sid}/entry/events`, { as: 'eve' }), {
    status: 404,
    body: { code: 'entry_not_found' },
  });
  t.equal((await callApi(api, `/stocks/${sid}/entry/events`)).status, 401);
  t.equal((await enter(sid, 'eve')).status, 201);
  const [stream] = [await listen(sid, 'eve'), await listen(sid, 'eve')];
  t.equal((await listen(sid, 'eve')).status, 429);
  const { id } = await stream.find('the entry', ({ event }) => event === 'entry');
  stream.leave();
  const again = await waitUntil(
    'room',
    async () => {
      const next = await listen(sid, 'eve', { 'last-event-id': id });
      if (next.status !== 200) throw new Error(String(next.status));
      return next;
    },
    { limitMs: 30_000 },
  );
  await again.find('the draw', ({ event }) => event === 'draw');
  t.notOk(
    again.events.some(({ event }) => event === 'entry'),
    'an entry that was seen is not sent again',
  );
});
