import { pause, realClock } from '../../proto/process/clock.ts';
import type { Session } from '../mysql/database.ts';
import { CONFIRMED_STATES } from '../orders/order-states.ts';
import { type AuditCheck, checked, checkRules, selectRows } from './audit-rules.ts';
import type { AuditedStock } from './audited-stock.ts';

const NAME = 'offers_by_place';
/** A unit is offered within a second (order-worker/jobs), so one that is free this much later, and all the time, was forgotten. */
const LOOK_AGAIN_MS = 5000;
const LOOKS = 3;

/**
 * Promise 7 where buyers have places: offers go out in the sequence of the places, each is an order, and no unit is free while an entry waits.
 * Each rule is one statement with a snapshot of its own, so call it outside a transaction. Null: a stock without a draw or a line.
 */
export async function checkOffers(session: Session, { sid, hasDraw }: AuditedStock): Promise<AuditCheck | null> {
  if (!hasDraw) return null;
  const parts = [await checkEntries(session, sid), await checkOrders(session, sid), await checkIdle(session, sid)];
  const broken = parts.filter(({ ok }) => !ok);
  const told = broken.length === 0 ? parts : broken;
  return checked(NAME, broken.length === 0, told.map(({ detail }) => detail).join('; '));
}

/** Entries up to the offered place had their turn, those behind it did not, and each offer names its order. */
function checkEntries(session: Session, sid: number): Promise<AuditCheck> {
  return checkRules(session, NAME, {
    source: `FROM (
        SELECT COALESCE(CONCAT('place ', e.place), CONCAT('entry ', HEX(e.entry_id))) AS order_no, e.sid, e.buyer, e.state, e.place,
          e.order_no AS offer, d.offered_place, p.sid AS order_sid, p.buyer AS order_buyer, p.state AS order_state, p.decided_by
        FROM entry e LEFT JOIN draw d ON d.sid = e.sid AND d.attempt = e.attempt LEFT JOIN stock_order p ON p.order_no = e.order_no
        WHERE e.sid = ?) o`,
    values: [sid],
    fine: 'each entry up to the offered place had its turn, and each offer names its order',
    rules: [
      { what: 'passed over while it waited', wrong: `o.state = 'waiting' AND o.place <= o.offered_place` },
      {
        what: 'offered before its turn',
        wrong: `o.state = 'offered' AND (o.place IS NULL OR o.offered_place IS NULL OR o.place > o.offered_place)`,
      },
      { what: 'an offer without its order', wrong: `o.state = 'offered' AND o.order_sid IS NULL` },
      {
        what: 'an offer with the order of another buyer or stock',
        wrong: `o.state = 'offered' AND NOT (o.order_sid <=> o.sid AND o.order_buyer <=> o.buyer)`,
      },
      {
        what: 'an offer with an order that was refused, or that was decided without an offer',
        wrong: `o.state = 'offered' AND (o.decided_by <> 'offer' OR o.order_state NOT IN ${CONFIRMED_STATES})`,
      },
      { what: 'an order without an offer', wrong: `o.state <> 'offered' AND o.offer IS NOT NULL` },
    ],
  });
}

function checkOrders(session: Session, sid: number): Promise<AuditCheck> {
  return checkRules(session, NAME, {
    source: 'FROM stock_order o JOIN stock s ON s.id = o.sid WHERE o.sid = ?',
    values: [sid],
    fine: 'each order of an offer has one entry',
    rules: [
      {
        what: 'the order of an offer that no entry names, or more than one',
        wrong: `o.decided_by = 'offer' AND (SELECT COUNT(*) FROM entry e WHERE e.order_no = o.order_no AND e.sid = o.sid) <> 1`,
      },
      {
        what: 'confirmed without an offer, where units go to offers only',
        wrong: `o.decided_by <> 'offer' AND o.state IN ${CONFIRMED_STATES} AND s.mode <> 'rush'`,
      },
    ],
  });
}

/** A draw whose next entry waits while units are free and the sale is open. `since`: the last change after which its offer was due. */
type Idle = { attempt: number; offeredPlace: number; version: number; free: number; since: Date };

/**
 * Units that are free for a moment are on their way to the next entry. They are idle when nothing of the stock has changed by the next look, or
 * when no entry had its turn in three looks.
 */
async function checkIdle(session: Session, sid: number): Promise<AuditCheck> {
  const first = await findIdle(session, sid);
  if (!first) return checked(NAME, true, 'no unit is free while an entry waits for it');
  for (let looks = 2; ; looks += 1) {
    await pause(realClock, LOOK_AGAIN_MS);
    const next = await findIdle(session, sid);
    if (!next || next.attempt !== first.attempt || next.offeredPlace !== first.offeredPlace) {
      return checked(NAME, true, 'free units are being offered');
    }
    if (next.version !== first.version && looks < LOOKS) continue;
    const { free, offeredPlace, since } = next;
    const detail = `${free} units free while entries behind place ${offeredPlace} wait, at ${looks} looks ${LOOK_AGAIN_MS / 1000} s apart: idle since ${since.toISOString()} (is an order-worker with DRAW_KEY up?)`;
    return checked(NAME, false, detail);
  }
}

async function findIdle(session: Session, sid: number): Promise<Idle | null> {
  type Row = Omit<Idle, 'since'> & Record<(typeof TIMES)[number], Date | null>;
  const [row] = await selectRows<Row>(
    session,
    `SELECT * FROM (
       SELECT d.attempt, d.offered_place AS offeredPlace, s.version, s.count - s.sale AS free, d.drawn_at AS drawnAt, s.opens_at AS opensAt,
         s.window_changed_at AS windowChangedAt, s.units_changed_at AS unitsChangedAt,
         (SELECT MAX(o.ended_at) FROM stock_order o WHERE o.sid = d.sid) AS returnedAt,
         (SELECT e.entered_at FROM entry e FORCE INDEX (places) WHERE e.sid = d.sid AND e.attempt = d.attempt AND e.place > d.offered_place AND e.state = 'waiting'
            ORDER BY e.place LIMIT 1) AS enteredAt
       FROM draw d JOIN stock s ON s.id = d.sid
       WHERE d.sid = ? AND d.state = 'drawn' AND d.ended_at IS NULL AND d.offered_place < d.last_place AND s.sale < s.count
         AND s.paused = 0 AND s.resting IS NULL AND (s.opens_at IS NULL OR s.opens_at <= NOW(3)) AND (s.closes_at IS NULL OR s.closes_at > NOW(3))
     ) free_units WHERE enteredAt IS NOT NULL`,
    [sid],
  );
  if (!row) return null;
  const { attempt, offeredPlace, version, free } = row;
  const since = new Date(Math.max(...TIMES.map((time) => row[time]?.getTime() ?? 0)));
  return { attempt, offeredPlace, version, free, since };
}

const TIMES = ['drawnAt', 'opensAt', 'windowChangedAt', 'unitsChangedAt', 'returnedAt', 'enteredAt'] as const;
