import { setTimeout as sleep } from 'node:timers/promises';
import { createStock } from '../../../command/create-stock.ts';
import { payOrder } from '../../sale/buyers/pay-order.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';

const LIMIT_MS = 60_000;

/** A rush of which all units are sold. Each of its buyers has one order, to be paid. */
export type SoldOutRush = {
  sale: DrawSale;
  owners: { buyer: string; orderNo: string }[];
  /** Units that buyers without an entry were promised. */
  wrong: string[];
};

/** Sells a rush out over HTTP. Its line opens with the first entrant. */
export async function sellOutRush(stage: DrawStage, sid: number, units: number): Promise<SoldOutRush> {
  await createStock(stage.database, { sid, name: 'A rush with a line', count: units });
  const buyers = Array.from({ length: units }, (_, i) => `owner-${sid}-${i}`);
  const owners = await Promise.all(buyers.map(async (buyer) => ({ buyer, orderNo: await buy(stage, sid, buyer) })));
  return {
    sale: { sid, units, joinsBehind: true, entered: new Map(), refused: new Set(), failures: 0 },
    owners,
    wrong: [],
  };
}

async function buy({ system, client }: DrawStage, sid: number, buyer: string): Promise<string> {
  const token = await system.createToken(buyer, 'buyer');
  const untilMs = performance.now() + LIMIT_MS;
  for (;;) {
    const headers = { 'idempotency-key': 'first' };
    const path = `/api/v1/stocks/${sid}/orders`;
    const { status, body, retryAfterMs } = await client.send({ method: 'POST', path, token, headers });
    if ((status === 201 || status === 200) && typeof body.orderNo === 'string') return body.orderNo;
    if (performance.now() > untilMs) throw new Error(`${buyer} got no unit, the last answer was ${status}`);
    await sleep(retryAfterMs);
  }
}

/** Every other owner gives his unit back, which goes to the line. */
export async function giveBack({ system, client }: DrawStage, { owners }: SoldOutRush): Promise<void> {
  for (const { buyer, orderNo } of owners.filter((_, i) => i % 2 === 0)) {
    const token = await system.createToken(buyer, 'buyer');
    const { status } = await client.send({ method: 'POST', path: `/api/v1/orders/${orderNo}/cancel`, token });
    if (status !== 200) throw new Error(`cancelling ${orderNo} was answered ${status}`);
  }
}

/** The other owners pay. */
export async function payRest({ system, client }: DrawStage, { owners }: SoldOutRush): Promise<void> {
  for (const { buyer, orderNo } of owners.filter((_, i) => i % 2 === 1)) {
    const isPaid = await payOrder(client, orderNo, await system.createToken(buyer, 'buyer'));
    if (!isPaid) throw new Error(`${orderNo} was not paid`);
  }
}

/** A buyer without an entry orders, and must get no unit. */
export async function tryWithoutEntry(
  { system, client }: DrawStage,
  { sale: { sid }, wrong }: SoldOutRush,
  index: number,
): Promise<void> {
  const buyer = `newcomer-${sid}-${index}`;
  const token = await system.createToken(buyer, 'buyer');
  const { status, body } = await client.send({ method: 'POST', path: `/api/v1/stocks/${sid}/orders`, token });
  // A decision that comes later, 202, is a row: findNewcomers.
  if (status === 200 || status === 201)
    wrong.push(`${buyer} has no entry and was answered ${status} ${String(body.orderNo)}`);
}

/** Orders that are no offers are those of the owners. */
export async function findNewcomers({ database }: DrawStage, { sale, owners }: SoldOutRush): Promise<string[]> {
  const sql = `SELECT buyer, state FROM stock_order WHERE sid = ? AND decided_by <> 'offer'
    AND state IN ('awaiting_payment', 'paid', 'refunded', 'expired', 'cancelled') AND buyer NOT IN (?)`;
  const found = await database.session((session) =>
    session.rows<{ buyer: string; state: string }>(sql, [sale.sid, owners.map(({ buyer }) => buyer)]),
  );
  return found.map(({ buyer, state }) => `${buyer} has no entry, and an order that is ${state}`);
}
