import type { Session } from '../../mysql/database.ts';
import type { Buckets, OrderRange } from './count-orders.ts';
import { columnOf, FIGURES, type FigureRow, type SaleFigures, SELECT_FIGURES } from './sale-figures.ts';

/** Until when the figures of a sale are stored, milliseconds since 1970 (UTC), a whole second. Null: they are not. */
export async function readSaleMark(session: Session, sid: number): Promise<number | null> {
  const [mark] = await session.rows<{ untilAt: Date | null }>(
    'SELECT until_at AS untilAt FROM sale_mark WHERE sid = ?',
    [sid],
  );
  return mark?.untilAt?.getTime() ?? null;
}

type StoredRange = Pick<OrderRange, 'sid'> & { fromMs: number; untilMs: number };

export async function readStoredSeconds(
  session: Session,
  { sid, fromMs, untilMs }: StoredRange,
  buckets: Buckets,
): Promise<FigureRow[]> {
  const bucket = buckets
    ? { sql: '(second - ?) DIV ?', values: [buckets.startMs / 1000, buckets.lengthMs / 1000] }
    : { sql: '0', values: [] };
  return session.rows<FigureRow>(
    `SELECT ${bucket.sql} AS bucket, ${SELECT_FIGURES} FROM sale_second
     WHERE sid = ? AND second >= ? AND second < ? GROUP BY bucket`,
    [...bucket.values, sid, fromMs / 1000, untilMs / 1000],
  );
}

const COLUMNS = FIGURES.map(columnOf);
const BATCH = 500;

/** Stores figures by second, in place of those that a second has. */
export async function storeSeconds(session: Session, sid: number, seconds: Map<number, SaleFigures>): Promise<void> {
  const rows = [...seconds].map(([second, figures]) => [sid, second, ...FIGURES.map((name) => figures[name])]);
  for (let i = 0; i < rows.length; i += BATCH) {
    await session.change(
      `INSERT INTO sale_second (sid, second, ${COLUMNS.join(', ')}) VALUES ?
       ON DUPLICATE KEY UPDATE ${COLUMNS.map((column) => `${column} = VALUES(${column})`).join(', ')}`,
      [rows.slice(i, i + BATCH)],
    );
  }
}
