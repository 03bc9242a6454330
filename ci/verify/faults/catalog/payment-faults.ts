import { randomUUID } from 'node:crypto';
import type { Money } from '../../../../consumer/api/money.ts';
import { signWebhook } from '../../../../proto/messages/sign-webhook.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import type { JsonObject } from '../../sale/buyers/http-client.ts';
import type { Fault, Stage } from './fault.ts';

const LASTS_MS = 8000;
const EACH = 15;
const COPIES = 3;
const WEBHOOK_LIMIT_MS = 8000;
const SETTLED_LIMIT_MS = 20_000;

type Started = { orderNo: string; paymentId: string; amountCents: number; currency: string };
type Payments = { duplicated: Started[]; late: Started[]; lost: Started[] };
type Row = { orderNo: string; state: string; payments: string };

/** By stock, for the check after the sale. */
const sentOf = new Map<number, Payments>();

/** A gateway whose webhooks arrive twice, late, or never. */
export const paymentFaults: Fault[] = [
  {
    name: 'payments',
    what: 'payments whose webhooks arrive repeatedly, after the order has expired, and never',
    lastsMs: 0,
    buyers: 500,
    bounds: { errorsEndMs: 0, recoverMs: 5000 },
    alarm: { none: 'webhooks that come twice, late or never are normal' },
    async inject(stage) {
      const running = sendWebhooks(stage);
      running.catch(() => undefined);
      return async () => {
        sentOf.set(stage.sid, await running);
      };
    },
    check: checkPayments,
  },
];

async function sendWebhooks(stage: Stage): Promise<Payments> {
  const { load, database, sid } = stage;
  const owners = load.histories.filter(({ confirmedNos }) => confirmedNos.length === 1).slice(0, 3 * EACH);
  const started = await Promise.all(
    owners.map(({ buyer, confirmedNos }) => startPayment(stage, buyer, confirmedNos[0] ?? '')),
  );
  const payments = {
    duplicated: started.slice(0, EACH),
    late: started.slice(EACH, 2 * EACH),
    lost: started.slice(2 * EACH),
  };
  // The same event several times at once, and another event of the same payment.
  const twice = payments.duplicated.flatMap((payment) => {
    const id = randomUUID();
    return [
      ...Array.from({ length: COPIES }, () => sendWebhook(stage, payment, id)),
      sendWebhook(stage, payment, randomUUID()),
    ];
  });
  await Promise.all(twice);
  const expiring = [...payments.late, ...payments.lost].map(({ orderNo }) => orderNo);
  await database.session((session) =>
    session.change('UPDATE stock_order SET pay_by = NOW(3) WHERE order_no IN (?)', [expiring]),
  );
  await waitUntil(
    'orders to expire',
    async () => {
      const rows = await readRows(stage, expiring);
      if (rows.some(({ state }) => state !== 'expired')) throw new Error('some have not expired');
    },
    { limitMs: LASTS_MS },
  );
  await Promise.all(payments.late.map((payment) => sendWebhook(stage, payment, randomUUID())));
  stage.print(`  stock ${sid}: ${EACH} payments of each kind`);
  return payments;
}

async function startPayment({ load, system }: Stage, buyer: string, orderNo: string): Promise<Started> {
  const token = await system.createToken(buyer, 'buyer');
  const path = `/api/v1/orders/${orderNo}/payments`;
  const { status, body } = await load.client.send({ method: 'POST', path, token });
  if (status !== 201) throw new Error(`payment not started: ${status} ${JSON.stringify(body)}`);
  const { paymentId, amount } = body as JsonObject & { paymentId: string; amount: Money };
  return { orderNo, paymentId, amountCents: amount.amount, currency: amount.currency };
}

/** Like the gateway: repeats the webhook until it is accepted. */
async function sendWebhook({ system }: Stage, data: Started, eventId: string): Promise<void> {
  const body = JSON.stringify({ type: 'payment.succeeded', timestamp: new Date().toISOString(), data });
  const send = async () => {
    const response = await fetch(`${system.url}/api/v1/payments/webhook`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(WEBHOOK_LIMIT_MS),
      headers: { 'content-type': 'application/json', ...signWebhook(system.secrets.WEBHOOK_SECRET, eventId, body) },
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  };
  await waitUntil('the webhook to be accepted', send, { limitMs: WEBHOOK_LIMIT_MS });
}

/** Orders, each with the states of its payments. */
async function readRows({ database }: Stage, orderNos: string[]): Promise<Row[]> {
  const sql = `SELECT o.order_no AS orderNo, o.state, GROUP_CONCAT(p.state ORDER BY p.state) AS payments
    FROM stock_order o LEFT JOIN payment p ON p.order_no = o.order_no WHERE o.order_no IN (?) GROUP BY o.order_no, o.state`;
  return database.session((session) => session.rows<Row>(sql, [orderNos]));
}

/** A payment in time is kept once, a late one is refunded, and an order without a webhook expires. */
async function checkPayments(stage: Stage): Promise<string[]> {
  const sent = sentOf.get(stage.sid);
  if (!sent) return ['no webhook was sent'];
  const expected = [
    { what: 'with repeated webhooks', of: sent.duplicated, state: 'paid', payments: 'paid' },
    { what: 'with a late webhook', of: sent.late, state: 'expired', payments: 'refunded' },
    { what: 'without a webhook', of: sent.lost, state: 'expired', payments: 'started' },
  ];
  const findWrong = async () => {
    const wrong: string[] = [];
    for (const { what, of, state, payments } of expected) {
      for (const row of await readRows(
        stage,
        of.map(({ orderNo }) => orderNo),
      )) {
        if (row.state !== state || row.payments !== payments)
          wrong.push(`payment ${what}: ${row.orderNo} is ${row.state}, its payments are ${row.payments}`);
      }
    }
    return wrong;
  };
  // The order-workers refund payments in the background.
  const settle = async () => {
    const wrong = await findWrong();
    if (wrong.length > 0) throw new Error(wrong[0]);
  };
  await waitUntil('payments to be settled', settle, { limitMs: SETTLED_LIMIT_MS }).catch(() => undefined);
  return findWrong();
}
