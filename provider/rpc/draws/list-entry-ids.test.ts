import { status } from '@grpc/grpc-js';
import t from 'tap';
import { connectTestClient } from '../../../ci/testing/clients/connect-test-client.ts';
import { createTestDraw, TEST_DRAW_KEY } from '../../../ci/testing/draws/create-test-draw.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const draws = { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY };
const client = connectTestClient(t, await startTestProvider(t, servers, draws));
const behind = connectTestClient(t, await startTestProvider(t, servers, draws));
const ENTRIES = 3;

t.test('the pages of a file are of the draw that its head shows', async (t) => {
  const sid = await createTestDraw(mysql);
  const buyers = Array.from({ length: ENTRIES }, (_, i) => `buyer-${i}`);
  await client.enterDraws({ items: buyers.map((buyer) => ({ sid, buyer })) });
  // Kept for up to a second.
  t.match(await behind.getDraw({ sid }), { state: 'TAKING' });
  const first = await behind.listEntryIds({ sid });
  t.equal(first.ids.length, ENTRIES * 32);
  const stated = `state = 'drawn', entry_count = ?, last_place = ?, root = draw_id, statement = REPEAT('s', 64), stated_at = NOW(3), drawn_at = NOW(3)`;
  await mysql.raw(`UPDATE draw SET ${stated} WHERE sid = ?`, [ENTRIES, ENTRIES, sid]);
  await mysql.raw('UPDATE entry JOIN (SELECT @place := 0) p SET place = (@place := @place + 1) WHERE sid = ?', [sid]);
  const { attempt } = await client.getDraw({ sid });
  const page = { sid, attempt, entries: ENTRIES };
  t.same((await behind.listEntryIds(page)).ids, first.ids, 'a provider that has not read the statement yet');
  const afterId = first.ids.subarray(0, 32);
  // The next line of a rush begins between two pages.
  await mysql.raw(
    `INSERT INTO draw (sid, attempt, draw_id, rules, seed, state, entries_open_at, entries_close_at)
     SELECT sid, 2, UNHEX(SHA2('2', 256)), rules, seed, 'taking', entries_open_at, entries_close_at FROM draw WHERE sid = ?`,
    [sid],
  );
  const next = connectTestClient(t, await startTestProvider(t, servers, draws));
  t.match(await next.getDraw({ sid }), { attempt: 2 });
  t.same((await next.listEntryIds({ ...page, afterId })).ids, first.ids.subarray(32), 'the second page');
  t.equal((await next.listEntryIds({ sid })).ids.length, 0, 'without an attempt: the latest');
  t.equal((await next.listEntryIds({ ...page, leftOnly: true })).ids.length, 0);
  await t.rejects(next.listEntryIds({ ...page, attempt: -1 }), { code: status.INVALID_ARGUMENT });
});
