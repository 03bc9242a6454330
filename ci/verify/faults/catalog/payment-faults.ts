import { randomUUID } from 'node:crypto';
import { signWebhook } from '../../../../proto/payments/sandbox-gateway.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import type { JsonObject } from '../../sale/buyers/sale-client.ts';
import type { Fault, Stage } from './fault.ts';

const LASTS_MS = 8000;
const EACH = 15;
const COPIES = 3;
const WEBHOOK_LIMIT_MS = 8000;
const SETTLED_LIMIT_MS = 20_000;

type Started = { orderNo: string; paymentId: string; amountCents: number; currency: string };
type Payments = { duplicated: Started[]; late: Started[]; lost: Started[] };
type Row = { orderNo: string; state: string; payments: string };

/** What was sent for each stock, for the check in the end. */
const sentOf = new Map<number, Payments>();

/** A gateway that says things twice, too late, and not at all. */
export const paymentFaults: Fault[] = [
  {
    name: 'payments',
    what: 'payments told twice and more, told after their order has run out, and never told',
    lastsMs: 0,
    buyers: 500,
    bounds: { errorsEndMs: 0, recoverMs: 5000 },
    async inject(stage) {
      const running = disturb(stage);
      running.catch(() => undefined);
      return async () => {
        sentOf.set(stage.sid, await running);
      };
    },
    check: checkPayments,
  },
];

async function disturb(stage: Stage): Promise<Payments> {
  const { load, database, sid } = stage;
  const owners = load.stories.filter(({ confirmedNos }) => confirmedNos.length === 1).slice(0, 3 * EACH);
  const started = await Promise.all(
    owners.map(({ buyer, confirmedNos }) => start(stage, buyer, confirmedNos[0] ?? '')),
  );
  const payments = {
    duplicated: started.slice(0, EACH),
    late: started.slice(EACH, 2 * EACH),
    lost: started.slice(2 * EACH),
  };
  // The same event at once and again, and a second event of the same payment.
  const twice = payments.duplicated.flatMap((one) => {
    const id = randomUUID();
    return [...Array.from({ length: COPIES }, () => tell(stage, one, id)), tell(stage, one, randomUUID())];
  });
  await Promise.all(twice);
  const over = [...payments.late, ...payments.lost].map(({ orderNo }) => orderNo);
  await database.session((session) =>
    session.change('UPDATE stock_order SET pay_by = NOW(3) WHERE order_no IN (?)', [over]),
  );
  await waitUntil(
    'orders to run out',
    async () => {
      const rows = await readRows(stage, over);
      if (rows.some(({ state }) => state !== 'expired')) throw new Error('not all have');
    },
    { limitMs: LASTS_MS },
  );
  await Promise.all(payments.late.map((one) => tell(stage, one, randomUUID())));
  stage.print(`  stock ${sid}: ${EACH} payments of each kind`);
  return payments;
}

async function start({ load, system }: Stage, buyer: string, orderNo: string): Promise<Started> {
  const token = await system.createToken(buyer, 'buyer');
  const path = `/api/v1/orders/${orderNo}/payments`;
  const { status, body } = await load.client.send({ method: 'POST', path, token });
  if (status !== 201) throw new Error(`no payment was started: ${status} ${JSON.stringify(body)}`);
  const { paymentId, amountCents, currency } = body as JsonObject & Started;
  return { orderNo, paymentId, amountCents, currency };
}

/** As the gateway does: again until it is taken. */
async function tell({ system }: Stage, data: Started, eventId: string): Promise<void> {
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
  await waitUntil('the webhook to be taken', send, { limitMs: WEBHOOK_LIMIT_MS });
}

/** Orders with the states of their payments. */
async function readRows({ database }: Stage, orderNos: string[]): Promise<Row[]> {
  const sql = `SELECT o.order_no AS orderNo, o.state, GROUP_CONCAT(p.state ORDER BY p.state) AS payments
    FROM stock_order o LEFT JOIN payment p ON p.order_no = o.order_no WHERE o.order_no IN (?) GROUP BY o.order_no, o.state`;
  return database.session((session) => session.rows<Row>(sql, [orderNos]));
}

/** Money is kept once for what was paid in time, goes back for what came late, and what was never told buys nothing. */
async function checkPayments(stage: Stage): Promise<string[]> {
  const sent = sentOf.get(stage.sid);
  if (!sent) return ['no payment was told'];
  const wanted = [
    { what: 'told twice', of: sent.duplicated, state: 'paid', payments: 'paid' },
    { what: 'told too late', of: sent.late, state: 'expired', payments: 'refunded' },
    { what: 'never told', of: sent.lost, state: 'expired', payments: 'started' },
  ];
  const findWrong = async () => {
    const wrong: string[] = [];
    for (const { what, of, state, payments } of wanted) {
      for (const row of await readRows(
        stage,
        of.map(({ orderNo }) => orderNo),
      )) {
        if (row.state !== state || row.payments !== payments)
          wrong.push(`payment ${what}: ${row.orderNo} is ${row.state}, its payments ${row.payments}`);
      }
    }
    return wrong;
  };
  // Refunds are the workers' job, which they do by and by.
  const settle = async () => {
    const wrong = await findWrong();
    if (wrong.length > 0) throw new Error(wrong[0]);
  };
  await waitUntil('payments to be settled', settle, { limitMs: SETTLED_LIMIT_MS }).catch(() => undefined);
  return findWrong();
}
