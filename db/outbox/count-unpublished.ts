import type { Session } from '../mysql/database.ts';

/** Rows of `order_event` that are not published. `ageSeconds`: of the oldest; 0: none. */
export type Unpublished = { events: number; ageSeconds: number };

/** Counts by the index alone. */
export async function countUnpublished(session: Session): Promise<Unpublished> {
  const [row] = await session.rows<{ events: number; ageMs: string | null }>(
    `SELECT COUNT(*) AS events, TIMESTAMPDIFF(MICROSECOND, MIN(create_time), NOW(3)) / 1000 AS ageMs
     FROM order_event FORCE INDEX (unpublished) WHERE published_at IS NULL`,
  );
  return { events: row?.events ?? 0, ageSeconds: Math.max(0, Number(row?.ageMs ?? 0) / 1000) };
}
