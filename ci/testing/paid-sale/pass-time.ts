import type { Knex } from 'knex';

/** Lets time pass for orders and payments: their times move into the past, without a wait. */
export async function passTime(mysql: Knex, seconds: number): Promise<void> {
  await mysql.raw('UPDATE stock_order SET pay_by = pay_by - INTERVAL ? SECOND WHERE pay_by IS NOT NULL', [seconds]);
  await mysql.raw(
    `UPDATE payment SET create_time = create_time - INTERVAL ? SECOND, session_until = session_until - INTERVAL ? SECOND,
       session_next_at = session_next_at - INTERVAL ? SECOND, session_ended_at = session_ended_at - INTERVAL ? SECOND,
       next_try_at = next_try_at - INTERVAL ? SECOND`,
    [seconds, seconds, seconds, seconds, seconds],
  );
}
