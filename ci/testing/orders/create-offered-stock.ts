import type { Knex } from 'knex';
import { createDatabase, type Database } from '../../../db/mysql/database.ts';
import { makeOffers } from '../../../db/offers/make-offers.ts';
import { expireOrders } from '../../../db/orders/expire-orders.ts';
import { recordPayment } from '../../../db/payments/record-payments.ts';
import { startPayment } from '../../../db/payments/start-payments.ts';
import type { NewStock } from '../../../db/stocks/stock-table.ts';
import { mintOrderNumber } from '../../../proto/messages/order-number.ts';
import { testSecrets } from '../clients/create-token.ts';
import { createDrawnStock } from './create-drawn-stock.ts';

const onError = (_sid: number, error: unknown) => {
  throw error;
};

/**
 * A draw of two units: ann's offer has expired, bob has paid, cid, to whom ann's unit went, is to pay, dan has left, and eve waits. Returns the
 * stock.
 */
export async function createOfferedStock(mysql: Knex, stock: Partial<NewStock> = {}): Promise<number> {
  const database = createDatabase({ mysql, statementMs: 10_000 });
  const sid = await createDrawnStock(mysql, ['ann', 'bob', 'cid', 'dan', 'eve'], { count: 2, ...stock });
  await offerUnits(database);
  await mysql.raw(`UPDATE stock_order SET pay_by = NOW(3) WHERE sid = ? AND buyer = 'ann'`, [sid]);
  await expireOrders(database, { onExpired: () => undefined, onError });
  await offerUnits(database);
  const [[bob]] = await mysql.raw(`SELECT order_no AS orderNo FROM entry WHERE sid = ? AND buyer = 'bob'`, [sid]);
  const started = await startPayment(database, { orderNo: bob.orderNo, buyer: 'bob' });
  if (started.outcome !== 'STARTED') throw new Error(started.outcome);
  await recordPayment(database, { ...started.payment, eventId: `event-${bob.orderNo}` });
  await mysql.raw(`UPDATE entry SET state = 'left', ended_at = NOW(3) WHERE sid = ? AND buyer = 'dan'`, [sid]);
  return sid;
}

/** Makes the offers of all stocks that are due. */
export async function offerUnits(database: Database): Promise<void> {
  const mintOrderNo = (sid: number, buyer: string) => mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, buyer);
  while (await makeOffers(database, { mintOrderNo, offerWithinMs: 900_000, onMade: () => undefined, onError }));
}
