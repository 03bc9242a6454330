import type { Fields } from '../servers/database/evaluate-expression.ts';
import type { Change } from '../servers/database/transactions.ts';

/** A line of the trace. */
export function describeChanges(changes: Change[]): string {
  return `commit: ${changes.map(describeChange).join(', ')}`;
}

function describeChange({ table, after }: Change): string {
  if (table === 'stock') {
    const mode = after?.offers_only === 1 ? ' offers only' : '';
    return `stock ${after?.id} ${after?.sale}/${after?.count} v${after?.version}${mode}`;
  }
  if (table === 'entry') return `entry of ${after?.buyer} ${after?.state} at ${after?.place}`;
  return table === 'stock_order' ? describeOrder(after ?? {}) : table;
}

/** Order numbers of the ladder do not come from the seed. */
function describeOrder({ order_no: orderNo, buyer, sid, state }: Fields): string {
  const name = orderNo === buyer ? `ladder order of ${sid}` : `${String(orderNo).slice(-4)} of ${buyer}`;
  return `${name} ${state}`;
}
