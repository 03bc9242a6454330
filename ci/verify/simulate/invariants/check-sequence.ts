import { decisionOf, isTermsRefusal, type OrderState } from '../../../../db/orders/order-states.ts';
import { partitionOf } from '../../../../proto/kafka/partition-of.ts';
import { decodeOrderRecord } from '../../../../proto/messages/order-record.ts';
import type { PlannedStock, Sale } from '../plans/plan-sale.ts';
import type { Log } from '../servers/log/log.ts';
import type { Servers } from '../servers/servers.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import type { InvariantChecks } from './invariant-checks.ts';

const RETURNED = new Set(['refunded', 'expired', 'cancelled']);

/** First come, first served: if the log decided everything and no unit came back, the winners are the first buyers in the log. */
export function checkSequence({ database, log }: Servers, { stocks }: Sale, checks: InvariantChecks): void {
  if (!log.isWhole()) return;
  for (const { sid, count, kind, maxPerOrder } of stocks) {
    if (kind === 'ladder') continue;
    const orders = database.rowsOf('stock_order').filter((order) => order.sid === sid);
    if (!orders.every((order) => order.decided_by === 'log' && !RETURNED.has(String(order.state)))) continue;
    const winners = new Set(orders.filter(({ live }) => live === 1).map(({ buyer }) => String(buyer)));
    const refusedByTerms = new Set(
      orders
        .filter(({ state }) => isTermsRefusal(decisionOf(state as OrderState)))
        .map(({ order_no: orderNo }) => String(orderNo)),
    );
    const first = findFirstBuyers(log, { sid, count, maxPerOrder }, refusedByTerms);
    const late = [...winners].filter((buyer) => !first.has(buyer));
    if (late.length > 0) {
      checks.fail('first come, first served', `${late.join(', ')} won stock ${sid}, before ${[...first].join(', ')}`);
    }
  }
}

type Units = Pick<PlannedStock, 'sid' | 'count' | 'maxPerOrder'>;

function findFirstBuyers(log: Log, { sid, count, maxPerOrder }: Units, refused: Set<string>): Set<string> {
  let left = count;
  const first = new Set<string>();
  // The first record of a number decides it. A later one may say less: a poll knows the number alone.
  const seen = new Set<string>();
  for (const { value } of log.read(partitionOf(sid), 0, Number.MAX_SAFE_INTEGER) ?? []) {
    const decoded = decodeOrderRecord(value, { keys: [simulatedKey], acceptsUnsigned: false });
    for (const order of decoded.kind === 'orders' ? decoded.orders : []) {
      if ('invalid' in order || order.sid !== sid) continue;
      const { orderNo, buyer, takesNoUnit, quantity = 1 } = order;
      if (seen.has(orderNo)) continue;
      seen.add(orderNo);
      if (takesNoUnit || refused.has(orderNo) || first.has(buyer)) continue;
      if (quantity > left || quantity > maxPerOrder) continue;
      first.add(buyer);
      left -= quantity;
    }
  }
  return first;
}
