import type { Knex } from 'knex';

/**
 * The procedure of 010-confirm-orders.ts, which the release before calls, and one more condition: it confirms nothing of a stock whose units
 * go to offers.
 */
const CONFIRM_RUSH_ORDERS = `
  CREATE PROCEDURE IF NOT EXISTS confirm_rush_orders(
    IN stocks JSON,
    IN orders JSON,
    IN decider VARCHAR(10) CHARACTER SET ascii,
    IN pay_within_ms BIGINT,
    IN log_days INT,
    IN with_events BOOLEAN
  )
  SQL SECURITY INVOKER
  MODIFIES SQL DATA
  confirming: BEGIN
    DECLARE started_at DATETIME(3) DEFAULT NOW(3);
    DECLARE EXIT HANDLER FOR 1062 ROLLBACK;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
      ROLLBACK;
      RESIGNAL;
    END;

    START TRANSACTION;
    UPDATE JSON_TABLE(stocks, '$[*]' COLUMNS (
      sid BIGINT PATH '$[0]' ERROR ON EMPTY ERROR ON ERROR,
      units BIGINT PATH '$[1]' ERROR ON EMPTY ERROR ON ERROR,
      lowest_ms BIGINT PATH '$[2]' ERROR ON EMPTY ERROR ON ERROR,
      highest_ms BIGINT PATH '$[3]' ERROR ON EMPTY ERROR ON ERROR,
      max_price BIGINT PATH '$[4]' ERROR ON EMPTY ERROR ON ERROR
    )) w STRAIGHT_JOIN stock s ON s.id = w.sid
    SET s.sale = s.sale + w.units, s.version = s.version + 1
    WHERE s.sale + w.units <= s.count AND s.kind = 'sale' AND NOT s.paused AND NOT s.offers_only
      AND (w.max_price = -1 OR s.price_cents <= w.max_price)
      AND (s.opens_at IS NULL OR s.opens_at <= LEAST(started_at,
        IF(w.lowest_ms = -1, started_at, TIMESTAMP'1970-01-01 00:00:00' + INTERVAL w.lowest_ms * 1000 MICROSECOND)))
      AND (s.closes_at IS NULL OR (s.closes_at >= started_at - INTERVAL log_days DAY AND s.closes_at > LEAST(started_at,
        IF(w.highest_ms = -1, started_at, TIMESTAMP'1970-01-01 00:00:00' + INTERVAL w.highest_ms * 1000 MICROSECOND))));
    IF ROW_COUNT() <> JSON_LENGTH(stocks) THEN
      ROLLBACK;
      LEAVE confirming;
    END IF;

    INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, minted_at, pay_by, paid_at, judged_at, decided_by,
      log_partition, log_offset, log_index, appended_at)
    SELECT o.order_no, s.id, o.buyer, s.name, IF(s.price_cents = 0, 'paid', 'awaiting_payment'), s.price_cents,
      TIMESTAMP'1970-01-01 00:00:00' + INTERVAL o.minted_ms * 1000 MICROSECOND,
      IF(s.price_cents = 0, NULL, started_at + INTERVAL pay_within_ms * 1000 MICROSECOND),
      IF(s.price_cents = 0, started_at, NULL),
      IF(o.stamp_ms = -1, started_at,
        LEAST(started_at, TIMESTAMP'1970-01-01 00:00:00' + INTERVAL o.stamp_ms * 1000 MICROSECOND)),
      decider, NULLIF(o.log_partition, -1), NULLIF(o.log_offset, -1), o.log_index,
      IF(o.appended_ms = -1, NULL, TIMESTAMP'1970-01-01 00:00:00' + INTERVAL o.appended_ms * 1000 MICROSECOND)
    FROM JSON_TABLE(orders, '$[*]' COLUMNS (
      order_no VARCHAR(300) PATH '$[0]' ERROR ON EMPTY ERROR ON ERROR,
      sid BIGINT PATH '$[1]' ERROR ON EMPTY ERROR ON ERROR,
      buyer VARCHAR(300) PATH '$[2]' ERROR ON EMPTY ERROR ON ERROR,
      minted_ms BIGINT PATH '$[3]' ERROR ON EMPTY ERROR ON ERROR,
      stamp_ms BIGINT PATH '$[4]' ERROR ON EMPTY ERROR ON ERROR,
      log_partition INT PATH '$[5]' ERROR ON EMPTY ERROR ON ERROR,
      log_offset BIGINT PATH '$[6]' ERROR ON EMPTY ERROR ON ERROR,
      log_index INT PATH '$[7]' ERROR ON EMPTY ERROR ON ERROR,
      appended_ms BIGINT PATH '$[8]' ERROR ON EMPTY ERROR ON ERROR
    )) o STRAIGHT_JOIN stock s ON s.id = o.sid;

    IF with_events OR EXISTS (SELECT 1 FROM JSON_TABLE(stocks, '$[*]' COLUMNS (
      sid BIGINT PATH '$[0]' ERROR ON EMPTY ERROR ON ERROR
    )) f STRAIGHT_JOIN stock s ON s.id = f.sid WHERE s.price_cents = 0) THEN
      INSERT INTO order_event (order_no, type, sid, buyer, price_cents)
      SELECT e.order_no, t.type, s.id, e.buyer, s.price_cents FROM JSON_TABLE(orders, '$[*]' COLUMNS (
        order_no VARCHAR(300) PATH '$[0]' ERROR ON EMPTY ERROR ON ERROR,
        sid BIGINT PATH '$[1]' ERROR ON EMPTY ERROR ON ERROR,
        buyer VARCHAR(300) PATH '$[2]' ERROR ON EMPTY ERROR ON ERROR
      )) e STRAIGHT_JOIN stock s ON s.id = e.sid
      STRAIGHT_JOIN (SELECT 'confirmed' AS type UNION ALL SELECT 'paid') t
        ON (t.type = 'confirmed' AND with_events) OR (t.type = 'paid' AND s.price_cents = 0);
    END IF;

    SELECT s.id AS sid, s.count, s.sale, s.version, s.price_cents AS priceCents, s.currency, started_at AS readAt FROM JSON_TABLE(stocks, '$[*]' COLUMNS (
      sid BIGINT PATH '$[0]' ERROR ON EMPTY ERROR ON ERROR
    )) t STRAIGHT_JOIN stock s ON s.id = t.sid;
    COMMIT;
  END`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(CONFIRM_RUSH_ORDERS);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP PROCEDURE IF EXISTS confirm_rush_orders');
}
