import t from 'tap';
import { type Corruption, createAuditedSale } from '../../ci/testing/orders/audited-sale.ts';

const { run, testCorruptions, no, pay, giveBack } = await createAuditedSale(t);

const STRAY = `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by, pay_by)
  SELECT CONCAT(id, '-stray'), id, ?, '', 'awaiting_payment', 1999, 'direct', NOW(3) FROM stock WHERE id = ?`;
const STRAY_EVENT = `INSERT INTO order_event (order_no, type, sid, buyer, price_cents)
  SELECT CONCAT(id, '-stray'), 'confirmed', id, ?, 1999 FROM stock WHERE id = ?`;

const corruptions: Record<string, Corruption> = {
  'an active order that is not counted': {
    corrupt: async (sid) => [await run(STRAY, 'zoe', sid), await run(STRAY_EVENT, 'zoe', sid)],
    speaks: ['not_oversold'],
  },
  'more units sold than the stock has': {
    corrupt: async (sid) => [
      await run(STRAY, 'zoe', sid),
      await run(STRAY_EVENT, 'zoe', sid),
      await run('UPDATE stock SET sale = sale + 1 WHERE id = ?', sid),
    ],
    speaks: ['not_oversold'],
  },
  'a lost unit': {
    corrupt: (sid) => run('UPDATE stock SET sale = sale - 1 WHERE id = ?', sid),
    speaks: ['not_oversold'],
  },
  'a second active order of a buyer': {
    corrupt: async (sid) => [
      await run(STRAY, 'ann', sid),
      await run(STRAY_EVENT, 'ann', sid),
      await run('UPDATE stock SET sale = sale + 1, count = count + 1 WHERE id = ?', sid),
    ],
    speaks: ['one_live_order'],
  },
  'a paid order without a payment': {
    corrupt: async (sid) => [
      await pay(sid, 'ann'),
      await run('DELETE FROM payment WHERE order_no = ?', no(sid, 'ann')),
    ],
    speaks: ['confirmed_rows'],
  },
  'an expired order without the time of its end': {
    corrupt: async (sid) => [
      await giveBack(sid, 'ann', 'expired'),
      await run('UPDATE stock_order SET ended_at = NULL WHERE order_no = ?', no(sid, 'ann')),
    ],
    speaks: ['confirmed_rows'],
  },
  'a refunded order without a refund': {
    corrupt: async (sid) => [
      await pay(sid, 'ann'),
      await giveBack(sid, 'ann', 'refunded'),
      await run('DELETE FROM payment WHERE order_no = ?', no(sid, 'ann')),
    ],
    speaks: ['confirmed_rows'],
  },
  'a state that does not exist': {
    corrupt: async (sid) => {
      await run('ALTER TABLE stock_order MODIFY state VARCHAR(20) NOT NULL');
      await run(`UPDATE stock_order SET state = 'lost' WHERE order_no = ?`, no(sid, 'eve'));
    },
    speaks: ['confirmed_rows'],
  },
  'a decision of the log without a position': {
    corrupt: (sid) => run('UPDATE stock_order SET log_partition = NULL WHERE order_no = ?', no(sid, 'eve')),
    speaks: ['log_places', 'not_undersold', 'first_come_first_served'],
  },
  'an order on another partition': {
    corrupt: (sid) =>
      run('UPDATE stock_order SET log_partition = log_partition + 1 WHERE sid = ? AND log_offset = 6', sid),
    speaks: ['log_places'],
  },
  'two orders with one place': {
    corrupt: (sid) => run('UPDATE stock_order SET log_offset = 6 WHERE order_no = ?', no(sid, 'dan')),
    speaks: ['log_places'],
  },
  'a duplicate of a missing order': {
    corrupt: (sid) => run(`UPDATE stock_order SET live_order_no = 'x' WHERE sid = ? AND state = 'duplicate'`, sid),
    speaks: ['duplicates_point_to_orders'],
  },
  'a duplicate of another buyer’s order': {
    corrupt: (sid) =>
      run(`UPDATE stock_order SET live_order_no = ? WHERE sid = ? AND state = 'duplicate'`, no(sid, 'bob'), sid),
    speaks: ['duplicates_point_to_orders'],
  },
};

testCorruptions(corruptions);
