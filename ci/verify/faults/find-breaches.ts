import type { Database } from '../../../db/mysql/database.ts';
import { decisionOf, type OrderState } from '../../../db/orders/order-states.ts';
import { readDecision } from '../sale/buyers/buy-unit.ts';
import { addOutcome, type ObservedHistory } from '../sale/buyers/observed-history.ts';
import { contradictionsOf } from '../sale/judge-sale.ts';
import type { Stage } from './catalog/fault.ts';
import { compareJournal, findUnanswered, type OrderRow } from './load/compare-journal.ts';
import type { Exchange } from './load/journal.ts';
import { findAuditBreaches } from './system/find-audit-breaches.ts';

const MAX_BUYERS_AT_ONCE = 20;

/** Polls the orders that were answered with 202 and have no final answer when the sale ends. */
export async function pollUnanswered({ system, load }: Stage, exchanges: Exchange[]): Promise<void> {
  const histories = new Map(load.histories.map((history) => [history.buyer, history]));
  const unanswered = [...Map.groupBy(exchanges, ({ ask }) => ask.buyer).values()].flatMap(findUnanswered);
  for (const { ask, answer } of unanswered) {
    const client = load.journal.keep(load.client, ask.buyer);
    const token = await system.createToken(ask.buyer, 'buyer');
    const { status, body } = await client.send({ method: 'GET', path: `/api/v1/orders/${answer?.orderNo}`, token });
    const history = histories.get(ask.buyer);
    if (history && status === 200 && body.state !== 'pending') addOutcome(history, readDecision(body));
  }
}

/** Sells the units that are left, until a round of buyers gets none. Returns the number of units sold. */
export async function sellRest({ load, database, sid }: Stage): Promise<number> {
  let sold = 0;
  for (;;) {
    const left = await readLeft(database, sid);
    const buyers = Math.min(left + 1, MAX_BUYERS_AT_ONCE);
    const histories = await Promise.all(Array.from({ length: buyers }, () => load.buyOne()));
    const gained = histories.filter(({ kind }) => kind === 'confirmed').length;
    sold += gained;
    if (gained === 0) return sold;
  }
}

/** Violated invariants: units left, the audit, and contradictions between the answers and the rows. One per line. */
export async function findBreaches(stage: Stage, exchanges: Exchange[]): Promise<string[]> {
  const { system, database, sid, load } = stage;
  const left = await readLeft(database, sid);
  const audit = await findAuditBreaches(system, sid);
  const sql = 'SELECT order_no AS orderNo, buyer, state FROM stock_order WHERE sid = ?';
  const rows = await database.session((session) => session.rows<OrderRow>(sql, [sid]));
  return [
    ...(left > 0 ? [`${left} units are left, although buyers after the load wanted them`] : []),
    ...audit,
    ...compareJournal(exchanges, rows),
    ...compareHistories(load.histories, rows),
  ];
}

async function readLeft(database: Database, sid: number): Promise<number> {
  const sql = 'SELECT count - sale AS left_over FROM stock WHERE id = ?';
  const [row] = await database.session((session) => session.rows<{ left_over: number }>(sql, [sid]));
  return row?.left_over ?? 0;
}

function compareHistories(histories: ObservedHistory[], rows: OrderRow[]): string[] {
  const orders = Map.groupBy(
    rows.map((row) => ({ ...row, decision: decisionOf(row.state as OrderState).toLowerCase() })),
    ({ buyer }) => buyer,
  );
  return histories.flatMap((history) => {
    const { buyer, kind, status } = history;
    const breaches = contradictionsOf(history, orders.get(buyer) ?? []);
    return kind === 'error' ? [...breaches, `${buyer} ended with an error (${status || 'no response'})`] : breaches;
  });
}
