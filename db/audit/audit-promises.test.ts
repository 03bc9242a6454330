import t from 'tap';
import { type Corruption, createAuditedSale } from '../../ci/testing/orders/audited-sale.ts';

const { run, testCorruptions, sell, speaks, no, addEvent, pay, giveBack } = await createAuditedSale(t);

/** A payment without a check of its order. */
function payLate(sid: number, buyer: string) {
  return run(
    `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state, paid_cents, paid_currency, paid_at)
     VALUES (?, ?, 1999, 'CNY', 'paid', 1999, 'CNY', NOW(3))`,
    ...[`late-${no(sid, buyer)}`, no(sid, buyer)],
  );
}

const corruptions: Record<string, Corruption> = {
  'a confirmed order without a row': {
    corrupt: async (sid) => [
      await run('DELETE FROM stock_order WHERE order_no = ?', no(sid, 'cid')),
      await run('UPDATE stock SET sale = sale - 1, count = count - 1 WHERE id = ?', sid),
    ],
    speaks: ['never_taken_back'],
  },
  'an order that expired before its time': {
    corrupt: async (sid) => [
      await giveBack(sid, 'cid', 'expired'),
      await run('UPDATE stock_order SET pay_by = NOW(3) + INTERVAL 1 MINUTE WHERE order_no = ?', no(sid, 'cid')),
    ],
    speaks: ['never_taken_back'],
  },
  'a refusal while a unit was left, in a stock that sold out later': {
    // dan was refused before cid was confirmed, so the winners are wrong too.
    corrupt: async (sid) => [await run('UPDATE stock_order SET log_offset = 100 WHERE order_no = ?', no(sid, 'cid'))],
    speaks: ['not_undersold', 'first_come_first_served'],
  },
  'refusals while units are left': {
    corrupt: (sid) => run('UPDATE stock SET count = count + 1 WHERE id = ?', sid),
    speaks: ['not_undersold', 'first_come_first_served'],
  },
  'refusals while units are left, decided without the log': {
    corrupt: async (sid) => [
      await run(
        `UPDATE stock_order SET decided_by = 'direct', log_partition = NULL, log_offset = NULL WHERE sid = ?`,
        sid,
      ),
      await run('UPDATE stock SET count = count + 1 WHERE id = ?', sid),
    ],
    speaks: ['not_undersold'],
  },
  'a buyer who won with a later order than the first': {
    corrupt: async (sid) => [
      await run('UPDATE stock_order SET log_offset = 100 WHERE sid = ? AND log_offset = 2', sid),
      await run('UPDATE stock_order SET log_offset = 2 WHERE sid = ? AND log_offset = 0', sid),
      await run('UPDATE stock_order SET log_offset = 0 WHERE sid = ? AND log_offset = 100', sid),
    ],
    speaks: ['first_come_first_served'],
  },
  'a buyer who won with a later order of the same record': {
    // All orders of the log are moved into one record; ann's first order and her second one change places.
    corrupt: async (sid) => [
      await run('UPDATE stock_order SET log_index = log_offset, log_offset = 7 WHERE sid = ?', sid),
      await run('UPDATE stock_order SET log_index = 2 - log_index WHERE sid = ? AND log_index IN (0, 2)', sid),
    ],
    speaks: ['first_come_first_served'],
  },
  'a refusal before the last unit was sold, in one record': {
    corrupt: async (sid) => [
      await run('UPDATE stock_order SET log_index = log_offset, log_offset = 7 WHERE sid = ?', sid),
      await run('UPDATE stock_order SET log_index = 100 WHERE order_no = ?', no(sid, 'cid')),
    ],
    speaks: ['not_undersold', 'first_come_first_served'],
  },
  'a confirmation without its event': {
    corrupt: async (sid) => [
      await run(
        `UPDATE stock_order SET decided_by = 'direct', log_partition = NULL, log_offset = NULL WHERE order_no = ?`,
        no(sid, 'bob'),
      ),
      await run('DELETE FROM order_event WHERE order_no = ?', no(sid, 'bob')),
    ],
    speaks: ['events_complete'],
  },
  'a cancellation without its event': {
    corrupt: async (sid) => [
      await giveBack(sid, 'bob', 'cancelled'),
      await run(`DELETE FROM order_event WHERE order_no = ? AND type = 'cancelled'`, no(sid, 'bob')),
    ],
    speaks: ['events_complete'],
  },
  'an event at another price': {
    corrupt: (sid) => run('UPDATE order_event SET price_cents = 1 WHERE order_no = ?', no(sid, 'bob')),
    speaks: ['events_true'],
  },
  'an event of an expiry that did not happen': {
    corrupt: (sid) => addEvent(sid, 'bob', 'expired'),
    speaks: ['events_true'],
  },
  'a sold-out answer taken back': {
    corrupt: (sid) => addEvent(sid, 'eve', 'confirmed'),
    speaks: ['never_taken_back', 'events_true'],
  },
  'money kept for an order that has expired': {
    corrupt: async (sid) => [await giveBack(sid, 'bob', 'expired'), await payLate(sid, 'bob')],
    speaks: ['payments_settled'],
  },
  'an order that was paid twice': {
    corrupt: async (sid) => [
      await pay(sid, 'bob'),
      await run(`UPDATE payment SET payment_id = CONCAT(payment_id, '-1') WHERE order_no = ?`, no(sid, 'bob')),
      await payLate(sid, 'bob'),
    ],
    speaks: ['payments_settled'],
  },
  'a refund that is not tried': {
    corrupt: async (sid) => [
      await pay(sid, 'bob'),
      await giveBack(sid, 'bob', 'refunded'),
      await run('UPDATE payment SET next_try_at = NULL WHERE order_no = ?', no(sid, 'bob')),
    ],
    speaks: ['payments_settled'],
  },
  'an order that expired while its payment page was open': {
    corrupt: async (sid) => [
      await pay(sid, 'bob', 'started'),
      await giveBack(sid, 'bob', 'expired'),
      await run('UPDATE payment SET session_next_at = NOW(3) WHERE order_no = ?', no(sid, 'bob')),
    ],
    speaks: ['payments_settled'],
  },
  'a unit sold before the opening': {
    corrupt: (sid) => run('UPDATE stock SET opens_at = NOW(3) + INTERVAL 1 HOUR WHERE id = ?', sid),
    speaks: ['inside_window'],
  },
  'a unit sold after the closing': {
    corrupt: (sid) => run('UPDATE stock SET closes_at = NOW(3) - INTERVAL 1 HOUR WHERE id = ?', sid),
    speaks: ['inside_window'],
  },
  'a unit sold during a pause': {
    corrupt: (sid) =>
      run('UPDATE stock SET paused = TRUE, window_changed_at = NOW(3) - INTERVAL 1 HOUR WHERE id = ?', sid),
    speaks: ['inside_window'],
  },
  'an order that was paid too little': {
    corrupt: async (sid) => [
      await pay(sid, 'bob'),
      await run('UPDATE payment SET paid_cents = 1 WHERE order_no = ?', no(sid, 'bob')),
    ],
    speaks: ['payments_settled'],
  },
};

testCorruptions(corruptions);

t.test('the orders of one record are in the sequence of their places', async (t) => {
  const sid = await sell();
  await run('UPDATE stock_order SET log_index = log_offset, log_offset = 7 WHERE sid = ?', sid);
  await speaks(t, sid);
  // The same rows in the opposite sequence: the last buyers have won.
  await run('UPDATE stock_order SET log_index = 9 - log_index WHERE sid = ?', sid);
  await speaks(t, sid, 'not_undersold', 'first_come_first_served');
});
