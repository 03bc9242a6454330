import { type ServiceError, status } from '@grpc/grpc-js';
import t from 'tap';
import { waitUntil } from '../../../ci/command/wait-until.ts';
import { connectTestClient } from '../../../ci/testing/clients/connect-test-client.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';
import { createTestRedisClient } from '../../../ci/testing/servers/test-redis.ts';
import { takeUnits } from '../../../db/stocks/take-units.ts';
import { StockUnitsType } from '../../../proto/messages/load-protos.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
const [provider, otherProvider] = [await startTestProvider(t, servers), await startTestProvider(t, servers)];
const client = connectTestClient(t, provider);

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => status.OK,
    (error: unknown) => (error as ServiceError).code,
  );

async function unitsChangedAt(sid: number): Promise<Date | null> {
  const [[row]] = await mysql.raw('SELECT units_changed_at AS at FROM stock WHERE id = ?', [sid]);
  return row.at;
}

t.test('only fields that are set are changed, and the version is incremented', async (t) => {
  const sid = await createTestStock(mysql, { opensAtMs: 1000, closesAtMs: 9000, count: 5 });
  const updated = await client.updateStock({ sid, name: ' New ' });
  t.match(updated, {
    name: 'New',
    version: 1,
    opensAtMs: 1000,
    closesAtMs: 9000,
    count: 5,
    paused: false,
    priceCents: 1999,
  });
  const opened = await client.updateStock({ sid, clearOpensAt: true, priceCents: 0 });
  t.match(opened, { version: 2, closesAtMs: 9000, priceCents: 0 });
  t.equal(opened.opensAtMs, undefined);
  t.equal(await unitsChangedAt(sid), null, 'the units did not change');
  t.match(await client.updateStock({ sid, addUnits: -5 }), { count: 0, version: 3 });
  t.ok((await unitsChangedAt(sid)) instanceof Date, 'the audit needs it');
});

t.test('a time is cleared by its clear field only', async (t) => {
  const window = { opensAtMs: Date.UTC(2030, 0, 1), closesAtMs: Date.UTC(2031, 0, 1) };
  const sid = await createTestStock(mysql, window);
  for (const wrong of [
    ...[{ opensAtMs: 0 }, { closesAtMs: 0 }, { opensAtMs: Number.NaN }, { closesAtMs: -1 }],
    ...[
      { opensAtMs: 5, clearOpensAt: true },
      { closesAtMs: window.closesAtMs, clearClosesAt: true },
    ],
  ]) {
    await t.rejects(client.updateStock({ sid, ...wrong }), { code: status.INVALID_ARGUMENT }, JSON.stringify(wrong));
  }
  t.match(await client.getStock({ sid }), { version: 0, ...window });
  const open = await client.updateStock({ sid, clearOpensAt: true, clearClosesAt: true });
  t.match(open, { version: 1, opensAtMs: undefined, closesAtMs: undefined });
});

t.test('a change makes decisions on the previous version fail', async (t) => {
  const sid = await createTestStock(mysql);
  await client.updateStock({ sid, priceCents: 5 });
  t.equal(await database.session((session) => takeUnits(session, sid, 0, 1)), false);
  t.equal(await database.session((session) => takeUnits(session, sid, 1, 1)), true);
});

t.test('sold units cannot be removed, also during concurrent orders', async (t) => {
  const sid = await createTestStock(mysql, { count: 40 });
  const sell = async () => {
    for (let i = 0; i < 30; i += 1) {
      const [[{ version }]] = await mysql.raw('SELECT version FROM stock WHERE id = ?', [sid]);
      await database.session((session) => takeUnits(session, sid, version, 1));
    }
  };
  const take = async () => {
    for (let i = 0; i < 30; i += 1) await codeOf(client.updateStock({ sid, addUnits: -1 }));
  };
  await Promise.all([sell(), take(), take()]);
  const [[row]] = await mysql.raw('SELECT count, sale FROM stock WHERE id = ?', [sid]);
  t.ok(row.sale <= row.count && row.count >= 0, JSON.stringify(row));
  t.equal(await codeOf(client.updateStock({ sid, addUnits: -(row.count - row.sale) - 1 })), status.FAILED_PRECONDITION);
});

t.test('every provider returns the change within about a second, and consumers are notified at once', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const listener = await createTestRedisClient(t, servers.redisUrl);
  const received: { sid: number; count: number }[] = [];
  await listener.subscribe(
    listener.names.stockUnitsChannel,
    (bytes) => received.push(StockUnitsType.deserialize(bytes)),
    true,
  );
  const clients = [client, connectTestClient(t, otherProvider)];
  await Promise.all(clients.map(({ getStock }) => getStock({ sid })));
  const changedAtMs = Date.now();
  await client.updateStock({ sid, addUnits: 2, paused: true });
  for (const { getStock } of clients) {
    await waitUntil(
      'the change to show',
      async () => {
        const { count, paused } = await getStock({ sid });
        if (count !== 7 || !paused) throw new Error(`still ${count}`);
      },
      { limitMs: 5000 },
    );
  }
  t.ok(Date.now() - changedAtMs < 1500, `after ${Date.now() - changedAtMs} ms`);
  t.match(
    received.filter((units) => units.sid === sid),
    [{ count: 7, sale: 0, version: 1 }],
  );
});

t.test('an invalid change is rejected and changes nothing', async (t) => {
  const sid = await createTestStock(mysql, { opensAtMs: 1000, closesAtMs: 9000 });
  const wrong: [object, number][] = [
    [{ sid }, status.INVALID_ARGUMENT],
    [{ sid: 0, paused: true }, status.INVALID_ARGUMENT],
    [{ sid, name: '' }, status.INVALID_ARGUMENT],
    [{ sid, closesAtMs: 1000 }, status.INVALID_ARGUMENT],
    [{ sid, opensAtMs: 9000 }, status.INVALID_ARGUMENT],
    [{ sid, priceCents: -1 }, status.INVALID_ARGUMENT],
    [{ sid, addUnits: 100_000_000 }, status.INVALID_ARGUMENT],
    [{ sid: 777, paused: true }, status.NOT_FOUND],
  ];
  for (const [request, code] of wrong) {
    t.equal(await codeOf(client.updateStock(request as never)), code, JSON.stringify(request));
  }
  t.match(await client.getStock({ sid }), { version: 0, opensAtMs: 1000, closesAtMs: 9000 });
});
