import { waitUntil } from '../../../command/wait-until.ts';
import { payOrder } from '../../sale/buyers/pay-order.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';

type OpenOffer = { buyer: string; orderNo: string; place: number };

const LIMIT_MS = 100_000;
/** Half of the buyers pay; a quarter cancels, and a quarter does nothing until the time to pay is over. */
const KINDS = ['pays', 'cancels', 'pays', 'waits'] as const;

/**
 * Buyers answer their offers until every unit is paid, so unpaid units go from place to place. Requests and statements that fail are repeated.
 * `onPaid` gets the number of paid units.
 */
export async function answerOffers(
  stage: DrawStage,
  sale: DrawSale,
  onPaid: (units: number) => void = () => undefined,
): Promise<void> {
  const handled = new Set<string>();
  const answer = async () => {
    const offers = (await readOpenOffers(stage, sale.sid)).filter(({ orderNo }) => !handled.has(orderNo));
    await Promise.all(
      offers.map(async (offer) => {
        if (await answerOffer(stage, offer)) handled.add(offer.orderNo);
      }),
    );
    const paid = await countPaid(stage, sale.sid);
    onPaid(paid);
    if (paid < sale.units) throw new Error(`${paid} of ${sale.units} are paid`);
  };
  await waitUntil(`all units of stock ${sale.sid} to be paid`, answer, { limitMs: LIMIT_MS });
}

async function answerOffer({ system, database, client }: DrawStage, offer: OpenOffer): Promise<boolean> {
  const { buyer, orderNo, place } = offer;
  const token = await system.createToken(buyer, 'buyer');
  const kind = KINDS[place % KINDS.length] as (typeof KINDS)[number];
  switch (kind) {
    case 'pays':
      return payOrder(client, orderNo, token);
    case 'cancels':
      return (await client.send({ method: 'POST', path: `/api/v1/orders/${orderNo}/cancel`, token })).status === 200;
    case 'waits':
      await database.session((session) =>
        session.change('UPDATE stock_order SET pay_by = NOW(3) WHERE order_no = ?', [orderNo]),
      );
      return true;
    default:
      return kind satisfies never;
  }
}

function readOpenOffers({ database }: DrawStage, sid: number): Promise<OpenOffer[]> {
  const sql = `SELECT e.buyer, e.order_no AS orderNo, e.place FROM entry e JOIN stock_order o ON o.order_no = e.order_no
    WHERE e.sid = ? AND e.state = 'offered' AND o.state = 'awaiting_payment'`;
  return database.session((session) => session.rows<OpenOffer>(sql, [sid]));
}

async function countPaid({ database }: DrawStage, sid: number): Promise<number> {
  const sql = `SELECT COUNT(*) AS n FROM stock_order WHERE sid = ? AND state = 'paid'`;
  const [row] = await database.session((session) => session.rows<{ n: number }>(sql, [sid]));
  return Number(row?.n ?? 0);
}
