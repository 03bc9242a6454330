import { decisionOf, isTermsRefusal, type OrderState } from '../../../../db/orders/order-states.ts';
import { partitionOf } from '../../../../proto/kafka/partition-of.ts';
import { decodeOrderRecord } from '../../../../proto/messages/order-record.ts';
import type { Sale } from '../plans/plan-sale.ts';
import type { Servers } from '../servers/servers.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import type { InvariantChecks } from './invariant-checks.ts';

const RETURNED = new Set(['refunded', 'expired', 'cancelled']);

/**
 * First come, first served, in the log's sequence: where nothing was decided past the log, nothing came back and the log is
 * whole, the winners are the first buyers on it.
 */
export function checkSequence({ database, log }: Servers, { stocks }: Sale, checks: InvariantChecks): void {
  const orders = database.rowsOf('stock_order');
  if (!log.isWhole()) return;
  for (const { sid, count, kind } of stocks) {
    if (kind === 'ladder') continue;
    const mine = orders.filter((order) => order.sid === sid);
    if (!mine.every(({ decided_by: by, state }) => by === 'log' && !RETURNED.has(String(state)))) continue;
    const winners = new Set(mine.filter(({ live }) => live === 1).map(({ buyer }) => String(buyer)));
    const byTerms = mine.filter(({ state }) => isTermsRefusal(decisionOf(state as OrderState)));
    const refusedByTerms = new Set(byTerms.map(({ order_no: orderNo }) => String(orderNo)));
    const first = new Set<string>();
    // What the first record of a number says of units counts for its copies too.
    const withoutUnit = new Set<string>();
    const seen = new Set<string>();
    for (const { value } of log.read(partitionOf(sid), 0, Number.MAX_SAFE_INTEGER) ?? []) {
      const decoded = decodeOrderRecord(value, { keys: [simulatedKey], acceptsUnsigned: false });
      if (decoded.kind !== 'order' || decoded.order.sid !== sid || first.size >= count) continue;
      const { orderNo, buyer, takesNoUnit } = decoded.order;
      if (takesNoUnit && !seen.has(orderNo)) withoutUnit.add(orderNo);
      seen.add(orderNo);
      if (!withoutUnit.has(orderNo) && !refusedByTerms.has(orderNo)) first.add(buyer);
    }
    const late = [...winners].filter((buyer) => !first.has(buyer));
    if (late.length > 0) {
      checks.fail('first come, first served', `${late.join(', ')} won stock ${sid}, before ${[...first].join(', ')}`);
    }
  }
}
