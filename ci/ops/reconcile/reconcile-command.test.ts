import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { cancelOrder } from '../../../db/orders/cancel-order.ts';
import { keepSession } from '../../../db/payments/keep-session.ts';
import { claimRefunds, noteRefundFailure } from '../../../db/payments/refund-table.ts';
import { startPayment } from '../../../db/payments/start-payments.ts';
import { createGateway } from '../../../proto/payments/configured/create-gateway.ts';
import { startShopService } from '../../testing/gateways/start-shop-service.ts';
import { auditStock } from '../../testing/orders/audit-stock.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { sellUnits } from '../../testing/orders/sell-units.ts';
import { createTestDatabase } from '../../testing/servers/test-database.ts';
import { readConfig } from './config.ts';

const { database, mysql, url } = await createTestDatabase(t);
const secret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
// No process receives its events: each is lost.
const service = await startShopService({ secret, webhookUrl: () => 'http://127.0.0.1:1/' });
t.teardown(() => service.close());
const env = { NODE_ENV: 'test', MYSQL_URL: url, GATEWAY: 'http', GATEWAY_URL: service.url, WEBHOOK_SECRET: secret };
const gateway = await createGateway(readConfig(env));

type Ended = { code: number; stdout: string; stderr: string };
const reconcile = (args: string[] = [], settings: Record<string, string> = env): Promise<Ended> =>
  new Promise((resolve) => {
    const file = path.join(import.meta.dirname, '../../bin/reconcile.ts');
    execFile(process.execPath, [file, ...args], { env: settings }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });

/** An order whose buyer has the payment page. */
async function opened() {
  const sid = await createTestStock(mysql, { count: 1, priceCents: 1999, currency: 'EUR' });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  const returnUrl = 'https://shop.example/';
  const session = { gateway: 'http', returnUrl, leastSeconds: 120, mostSeconds: 86_400 };
  const started = await startPayment(database, { orderNo, buyer: 'ann', session });
  if (started.outcome !== 'STARTED') throw new Error(started.outcome);
  const { paymentId, amountCents, currency } = started.payment;
  const expiresAtMs = Date.now() + 600_000;
  const parameters = { paymentId, orderNo, amountCents, currency, returnUrl, expiresAtMs, name: 'A lamp' };
  const page = await gateway?.openSession(parameters);
  await keepSession(database, { orderNo, paymentId, sessionId: paymentId, sessionUrl: page?.redirectUrl ?? '' });
  return { sid, orderNo, paymentId };
}

async function stateOf(paymentId: string): Promise<string> {
  const [[row]] = await mysql.raw(
    `SELECT CONCAT(p.state, ' ', o.state) AS state FROM payment p JOIN stock_order o ON o.order_no = p.order_no
     WHERE payment_id = ?`,
    [paymentId],
  );
  return row.state;
}

t.test('payments without any event are settled, and a refused refund is left to a person', async (t) => {
  const [paid, open, over, refused] = [await opened(), await opened(), await opened(), await opened()];
  service.shop.pay(paid.paymentId);
  await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) - INTERVAL 1 SECOND WHERE order_no = ?', [over.orderNo]);
  service.shop.pay(refused.paymentId);
  await cancelOrder(database, refused.orderNo, 'ann');
  t.match(await reconcile(), { code: 0, stdout: /Payments in doubt: 4; changed: 2; for a person: 0/, stderr: '' });
  t.equal(await stateOf(paid.paymentId), 'paid paid');
  t.equal(await stateOf(open.paymentId), 'started awaiting_payment');
  t.equal(service.shop.read(over.paymentId).state, 'ended', 'its order is over');
  t.equal(await stateOf(refused.paymentId), 'refund_due cancelled');
  t.match(await auditStock(mysql, refused.sid), { sale: 0 });

  const claim = { gateway: 'http', limit: 10, leaseSeconds: 30, maxSeconds: 3600 };
  await database.session((session) => claimRefunds(session, claim));
  await database.session((session) => noteRefundFailure(session, refused.paymentId, 'the account is closed'));
  const json = path.join(t.testdir(), 'result.json');
  t.match(await reconcile(['--json', json]), {
    code: 1,
    stdout: new RegExp(`✗ ${refused.paymentId}.*\n {2}the gateway refuses the refund: the account is closed`),
  });
  const result = JSON.parse(readFileSync(json, 'utf8'));
  t.match(result, { gateway: 'http', complete: true, retried: 0 });
  t.match(await reconcile(['--retry-refunds']), { code: 0, stdout: /Refused refunds that are due again: 1/ });
  const [due] = await database.session((session) => claimRefunds(session, claim));
  t.match(due, { paymentId: refused.paymentId, tries: 0 }, 'a person asked for another refund');
});

t.test('a gateway that is away is reported for each payment', async (t) => {
  const { paymentId } = await opened();
  service.faults.setAway(true);
  t.match(await reconcile(), { code: 1, stdout: new RegExp(`${paymentId}[^]*not asked`) });
  service.faults.setAway(false);
});

t.test('a limit that is reached is told', async (t) => {
  t.match(await reconcile(['--limit', '1']), { code: 1, stdout: /stopped before the end/ });
});

for (const [what, args, settings, text] of [
  ['no gateway', [], { ...env, GATEWAY: 'off' }, /GATEWAY is off/],
  ['a wrong limit', ['--limit', '0'], env, /--limit takes a whole number/],
  ['an unknown option', ['--all'], env, /--all/],
] as const) {
  t.test(`${what} is refused`, async (t) => {
    t.match(await reconcile([...args], settings), { code: 2, stdout: '', stderr: text });
  });
}

t.test('--help prints the usage', async (t) => {
  t.match(await reconcile(['--help']), { code: 0, stdout: /^Usage: flash-sale reconcile/ });
});
