import type { Knex } from 'knex';
import { createDatabase } from '../../../db/mysql/database.ts';
import { isInvalidOrder } from '../../../db/orders/decide-batch.ts';
import { decideOrders } from '../../../db/orders/decide-orders.ts';
import { mintOrderNumber } from '../../../proto/messages/order-number.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { testSecrets } from '../clients/create-token.ts';

/** Decides one order per buyer and returns the order numbers. With a negative `payWithinMs` the orders are due to expire. */
export async function sellUnits(mysql: Knex, sid: number, buyers: string[], payWithinMs = 900_000): Promise<string[]> {
  const orders = buyers.map((buyer) => {
    const orderNo = mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, buyer);
    return { orderNo, sid, buyer, mintedAtMs: Date.now(), partition: null, offset: null };
  });
  const { outcomes } = await decideOrders(createDatabase({ mysql, statementMs: 10_000 }), orders, {
    clock: realClock,
    random: Math.random,
    decidedBy: 'direct',
    payWithinMs,
    beforeTry(tries, lastError) {
      if (tries > 20) throw lastError;
    },
  });
  const invalid = outcomes.find(isInvalidOrder);
  if (invalid) throw new Error(invalid.invalid);
  return orders.map(({ orderNo }) => orderNo);
}
