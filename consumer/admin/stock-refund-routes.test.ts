import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;
const reason = 'the lamps are broken';
const fin = bearer('fin', { roles: ['finance'] });
const refund = (sid: number | string, body: unknown = { reason }, headers = fin) =>
  callApi(api, `/admin/stocks/${sid}/refunds`, { method: 'POST', body, headers });

/** A paused stock with paid orders. */
async function paidSale(units: number, { count = units } = {}) {
  const sid = await createTestStock(mysql, { count, priceCents: 1999, currency: 'EUR' });
  const buyers = Array.from({ length: units }, (_, i) => `buyer${i}`);
  const orderNos = await sellUnits(mysql, sid, buyers);
  await mysql.raw("UPDATE stock_order SET state = 'paid', paid_at = NOW(3) WHERE sid = ?", [sid]);
  for (const orderNo of orderNos) {
    await mysql.raw(
      `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state, paid_cents, paid_currency)
       VALUES (?, ?, 1999, 'EUR', 'paid', 1999, 'EUR')`,
      [`pay_${orderNo}`, orderNo],
    );
  }
  await mysql.raw('UPDATE stock SET paused = TRUE WHERE id = ?', [sid]);
  return { sid, orderNos };
}

const entriesOf = async (sid: number) =>
  (await mysql.raw('SELECT action, subject, detail FROM admin_action WHERE target = ?', [String(sid)]))[0].map(
    (row: object) => ({ ...row }),
  );
const duePayments = async (sid: number) => {
  const [[row]] = await mysql.raw(
    `SELECT COUNT(*) AS count FROM payment JOIN stock_order USING (order_no)
     WHERE sid = ? AND payment.state = 'refund_due' AND reason = ?`,
    [sid, reason],
  );
  return row.count;
};
const entry = { action: 'refundStock', subject: 'fin', detail: JSON.stringify({ reason }) };

t.test('a sale of more than 200 paid orders is refunded call by call, each order once', async (t) => {
  const { sid } = await paidSale(205, { count: 207 });
  await mysql.raw('UPDATE stock SET paused = FALSE WHERE id = ?', [sid]);
  const [unpaid = ''] = await sellUnits(mysql, sid, ['has not paid']);
  await mysql.raw('UPDATE stock SET paused = TRUE WHERE id = ?', [sid]);
  let [refunded, calls] = [0, 0];
  for (let remaining = 205; remaining > 0; calls += 1) {
    const { status, body, text } = await refund(sid);
    t.equal(status, 200, text);
    t.ok(Number(body.refunded) <= 200);
    t.same(body.failed, []);
    refunded += Number(body.refunded);
    t.equal(body.remaining, 205 - refunded);
    remaining = Number(body.remaining);
  }
  t.equal(refunded, 205);
  t.ok(calls >= 2);
  t.same(await entriesOf(sid), Array(calls).fill(entry), 'one entry a call');
  t.equal(await duePayments(sid), 205);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
  t.match((await refund(sid)).body, { refunded: 0, failed: [], remaining: 0 });
  t.equal((await entriesOf(sid)).length, calls, 'a call that changes nothing has no entry');
  const [[row]] = await mysql.raw('SELECT state FROM stock_order WHERE order_no = ?', [unpaid]);
  t.equal(row.state, 'awaiting_payment', 'unpaid orders are not cancelled');
});

t.test('calls at the same time refund each order once', async (t) => {
  const { sid } = await paidSale(20);
  const answers = await Promise.all([refund(sid), refund(sid), refund(sid)]);
  t.same(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  const sum = answers.reduce((all, { body }) => all + Number(body.refunded), 0);
  t.equal(sum, 20);
  t.equal(await duePayments(sid), 20);
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
});

t.test('an order that cannot be refunded is named and does not hold up the others', async (t) => {
  const { sid, orderNos } = await paidSale(3);
  const [broken = ''] = orderNos;
  // Its refund fails in the transaction.
  await mysql.raw(
    `CREATE TRIGGER fail_refund BEFORE UPDATE ON payment FOR EACH ROW
     BEGIN IF NEW.order_no = '${broken}' THEN SIGNAL SQLSTATE '22003' SET MYSQL_ERRNO = 1264, MESSAGE_TEXT = 'broken'; END IF; END`,
  );
  const failed = await refund(sid);
  t.match(failed.body, { refunded: 2, failed: [{ orderNo: broken, code: 'internal' }], remaining: 1 });
  t.same(await entriesOf(sid), [entry]);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
  await mysql.raw('DROP TRIGGER fail_refund');
  t.match((await refund(sid)).body, { refunded: 1, failed: [], remaining: 0 });
});

t.test('a stock on sale is refused; a paused, closed or unopened one is not', async (t) => {
  const { sid } = await paidSale(4, { count: 5 });
  const hour = 'INTERVAL 1 HOUR';
  for (const change of [
    'paused = FALSE',
    'paused = FALSE, hidden = TRUE',
    'paused = FALSE, count = 4',
    `paused = FALSE, opens_at = NOW(3) - ${hour}, closes_at = NOW(3) + ${hour}`,
  ]) {
    await mysql.raw(`UPDATE stock SET ${change} WHERE id = ?`, [sid]);
    t.match(await refund(sid), { status: 409, body: { code: 'conflict', detail: /pause or close it first/ } }, change);
  }
  t.equal(await duePayments(sid), 0);
  t.same(await entriesOf(sid), []);
  await mysql.raw(`UPDATE stock SET closes_at = NOW(3) - INTERVAL 1 SECOND WHERE id = ?`, [sid]);
  t.match(await refund(sid), { status: 200, body: { refunded: 4, remaining: 0 } });
  await mysql.raw(`UPDATE stock SET closes_at = NULL, opens_at = NOW(3) + ${hour} WHERE id = ?`, [sid]);
  t.equal((await refund(sid)).status, 200);
});

t.test('unknown stocks, wrong bodies and other roles are refused', async (t) => {
  const ladder = await createTestStock(mysql, { kind: 'ladder', paused: true });
  for (const sid of [4242, ladder]) t.match(await refund(sid), { status: 404, body: { code: 'stock_not_found' } });
  const { sid } = await paidSale(1);
  for (const body of [{}, { reason: '' }, { reason: ' ' }, { reason: 'x'.repeat(201) }, { reason, other: 1 }]) {
    t.match(await refund(sid, body), { status: 400, body: { code: 'invalid_request' } }, JSON.stringify(body));
  }
  t.equal((await refund('x')).status, 400);
  for (const roles of [[], ['operator'], ['viewer']]) {
    t.equal((await refund(sid, { reason }, bearer('olga', { roles }))).status, 403, roles.join());
  }
  t.equal(await duePayments(sid), 0);
});
