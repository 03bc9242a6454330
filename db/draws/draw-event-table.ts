import type { Session } from '../mysql/database.ts';

/** The events of a draw for other systems. */
export type DrawEventType = 'stated' | 'drawn' | 'line_ended';

/** A row of the outbox, which draws share with orders. */
export type DrawEventRow = {
  /** The stock and the attempt, in the place of an order number. */
  orderNo: string;
  type: DrawEventType;
  sid: number;
  createdAtMs: number;
};

export type DrawEvent = DrawEventRow & {
  attempt: number;
  drawId: Uint8Array;
  entryCount: number;
  root: Uint8Array;
  seed: Uint8Array;
  /** The signature. */
  statement: Uint8Array;
};

type Attempt = { sid: number; attempt: number };

const subjectOf = ({ sid, attempt }: Attempt) => `${sid}/${attempt}`;

/** Runs in the transaction of the change that the event describes. */
export async function insertDrawEvent(session: Session, draw: Attempt, type: DrawEventType): Promise<void> {
  await session.change(`INSERT INTO order_event (order_no, type, sid, buyer, price_cents) VALUES (?, ?, ?, '', 0)`, [
    ...[subjectOf(draw), type, draw.sid],
  ]);
}

/** Adds to events what their draws have stated, which never changes. */
export async function readDrawEvents(session: Session, events: DrawEventRow[]): Promise<DrawEvent[]> {
  if (events.length === 0) return [];
  const draws = await session.rows<Attempt & Omit<DrawEvent, keyof DrawEventRow>>(
    `SELECT sid, attempt, draw_id AS drawId, entry_count AS entryCount, root, seed, statement FROM draw
     WHERE sid IN (?) AND state IN ('stated', 'drawn')`,
    [[...new Set(events.map(({ sid }) => sid))]],
  );
  const drawOf = new Map(draws.map((draw) => [subjectOf(draw), draw]));
  return events.flatMap((event) => {
    const draw = drawOf.get(event.orderNo);
    return draw ? [{ ...draw, ...event }] : [];
  });
}
