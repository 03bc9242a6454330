import { decodeOrderRecord } from '../../proto/order-record.ts';
import type { Servers } from './open-servers.ts';
import type { Sale } from './plan-sale.ts';
import type { PromiseWatch } from './watch-promises.ts';

const NEVER_RETURNED = new Set(['awaiting_payment', 'paid', 'sold_out', 'duplicate']);

/**
 * First come, first served, in the log's sequence: where nothing was decided past the log, nothing came back and the log is
 * whole, the winners are the first buyers on it.
 */
export function checkSequence({ database, log }: Servers, { stocks }: Sale, watch: PromiseWatch): void {
  const orders = database.rowsOf('stock_order');
  if (!log.isWhole()) return;
  for (const { sid, count } of stocks) {
    const mine = orders.filter((order) => order.sid === sid);
    if (!mine.every(({ decided_by: by, state }) => by === 'log' && NEVER_RETURNED.has(String(state)))) continue;
    const winners = new Set(mine.filter(({ live }) => live === 1).map(({ buyer }) => String(buyer)));
    const first = new Set<string>();
    for (const partition of log.partitions) {
      for (const { value } of log.read(partition, 0, Number.MAX_SAFE_INTEGER) ?? []) {
        const order = decodeOrderRecord(value);
        if (typeof order !== 'string' && order.sid === sid && first.size < count) first.add(order.buyer);
      }
    }
    const late = [...winners].filter((buyer) => !first.has(buyer));
    if (late.length > 0) {
      watch.break('first come, first served', `${late.join(', ')} won stock ${sid}, before ${[...first].join(', ')}`);
    }
  }
}
