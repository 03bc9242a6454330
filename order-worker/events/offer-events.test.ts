import { randomBytes } from 'node:crypto';
import t from 'tap';
import { checkTopicEvents, checkWebhookEvents } from '../../ci/testing/orders/check-events.ts';
import { createDrawnStock } from '../../ci/testing/orders/create-drawn-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { insertDrawEvent } from '../../db/draws/draw-event-table.ts';
import { makeOffers } from '../../db/offers/make-offers.ts';
import { expireOrders } from '../../db/orders/expire-orders.ts';
import { type OutboxEvent, publishEvents } from '../../db/outbox/publish-events.ts';
import type { LogRecord } from '../../proto/kafka/kafka.ts';
import { realClock } from '../../proto/process/clock.ts';
import { readEvent } from '../webhooks/read-event.ts';
import { sendEvents } from './send-events.ts';

const { database, mysql } = await createTestDatabase(t);
const publish = (into: OutboxEvent[]) =>
  publishEvents(database, { orderTopic: 'orders', batch: 100, publish: async (events) => void into.push(...events) });

t.test('events of an offer and of its draw are published as they are described', async (t) => {
  const sid = await createDrawnStock(mysql, ['ann'], { mode: 'line', priceCents: 5 });
  await mysql.raw(`UPDATE stock SET mode = 'rush' WHERE id = ?`, [sid]);
  await mysql.raw('UPDATE draw SET entry_count = 1, root = ?, statement = ? WHERE sid = ?', [
    ...[randomBytes(32), randomBytes(64), sid],
  ]);
  await database.session((session) => insertDrawEvent(session, { sid, attempt: 1 }, 'drawn'));
  const onError = (_sid: number, error: unknown) => t.fail(String(error));
  const mintOrderNo = (of: number, buyer: string) => `${of}-${buyer}`;
  await makeOffers(database, { mintOrderNo, offerWithinMs: 1, onMade: () => undefined, onError });
  await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) - INTERVAL 1 HOUR WHERE sid = ?', [sid]);
  const [[{ payBy }]] = await mysql.raw('SELECT pay_by AS payBy FROM stock_order WHERE sid = ?', [sid]);
  await expireOrders(database, { onExpired: () => undefined, onError });
  const published: OutboxEvent[] = [];
  await publish(published);
  t.match(await publish(published), { published: 0 });
  const records: LogRecord[] = [];
  const log = {
    async appendAll(_topic: string, byPartition: Map<number, LogRecord[]>) {
      records.push(...[...byPartition.values()].flat());
      return new Map<number, bigint>();
    },
  };
  await sendEvents(log, 'order-events', published, realClock);
  checkTopicEvents(t, records);
  checkWebhookEvents(
    t,
    records.map(({ value }) => readEvent(value)?.body ?? '{}'),
  );
  const payTimes = records.map(({ value }) => JSON.parse(String(value)).data.payBy);
  t.same(payTimes, [undefined, undefined, payBy.toISOString(), undefined, undefined, undefined]);
  const told = records.map(({ key, value }) => `${key} ${JSON.parse(String(value)).type}`);
  t.same(told, [
    `${sid}/1 draw.drawn`,
    `${sid}-ann order.confirmed`,
    `${sid}-ann offer.made`,
    `${sid}-ann order.expired`,
    `${sid}-ann offer.expired`,
    `${sid}/1 line.ended`,
  ]);
});
