import type { Session } from '../mysql/database.ts';

export type StockKind = 'sale' | 'ladder';

/** A row of `stock`. Times are milliseconds since 1970 (UTC); null: none. */
export type Stock = {
  sid: number;
  name: string;
  count: number;
  sale: number;
  version: number;
  kind: StockKind;
  priceCents: number;
  /** ISO 4217. */
  currency: string;
  opensAtMs: number | null;
  closesAtMs: number | null;
  paused: boolean;
  /** Not in the shop's list. Its URL and its orders still work. */
  hidden: boolean;
  /** The database's clock at the read. */
  readAtMs: number;
};

/** A stock's units after a COMMIT. */
export type UnitsAfter = Pick<Stock, 'sid' | 'count' | 'sale' | 'version'>;

type StockRow = Omit<Stock, 'opensAtMs' | 'closesAtMs' | 'paused' | 'hidden' | 'readAtMs'> & {
  opensAt: Date | null;
  closesAt: Date | null;
  paused: number;
  hidden: number;
  readAt: Date;
};

const COLUMNS = `id AS sid, name, count, sale, version, kind, price_cents AS priceCents, currency, opens_at AS opensAt,
  closes_at AS closesAt, paused, hidden, NOW(3) AS readAt`;

function toStock({ opensAt, closesAt, paused, hidden, readAt, ...rest }: StockRow): Stock {
  return {
    ...rest,
    opensAtMs: opensAt?.getTime() ?? null,
    closesAtMs: closesAt?.getTime() ?? null,
    paused: paused === 1,
    hidden: hidden === 1,
    readAtMs: readAt.getTime(),
  };
}

/** Reads stocks in order of id. Their rows are locked in the same order. */
export async function readStocks(session: Session, sids: number[], lock = false): Promise<Stock[]> {
  if (sids.length === 0) return [];
  const sql = `SELECT ${COLUMNS} FROM stock WHERE id IN (?) ORDER BY id${lock ? ' FOR UPDATE' : ''}`;
  return (await session.rows<StockRow>(sql, [sids])).map(toStock);
}

export const STOCK_STATES = ['upcoming', 'open', 'paused', 'sold_out', 'closed'] as const;
export type StockState = (typeof STOCK_STATES)[number];

/** By the database's clock, with the same precedence as the refusals of an order. */
const STATE = `CASE WHEN opens_at > NOW(3) THEN 'upcoming' WHEN closes_at <= NOW(3) THEN 'closed' WHEN paused THEN 'paused'
  WHEN sale >= count THEN 'sold_out' ELSE 'open' END`;

export type StockPage = {
  kind: StockKind;
  /** Only stocks in one of these states. Empty: all. */
  states?: readonly StockState[];
  /** The last id of the previous page; 0: the first page. */
  afterSid: number;
  newestFirst: boolean;
  /** Include hidden stocks. */
  withHidden?: boolean;
  limit: number;
};

export async function listStocks(session: Session, page: StockPage): Promise<Stock[]> {
  const { kind, states = [], afterSid, newestFirst, withHidden = false, limit } = page;
  const bound = newestFirst ? afterSid || Number.MAX_SAFE_INTEGER + 1 : afterSid;
  const sql = `SELECT ${COLUMNS} FROM stock WHERE kind = ? AND id ${newestFirst ? '<' : '>'} ?
    ${withHidden ? '' : 'AND NOT hidden'} ${states.length > 0 ? `AND ${STATE} IN (?)` : ''} ORDER BY id ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`;
  return (await session.rows<StockRow>(sql, [kind, bound, ...(states.length > 0 ? [states] : []), limit])).map(toStock);
}

export type NewStock = Omit<Stock, 'sale' | 'version' | 'hidden' | 'readAtMs'>;

/** False: the id is taken. */
export async function insertStock(session: Session, stock: NewStock): Promise<boolean> {
  const date = (ms: number | null) => (ms === null ? null : new Date(ms));
  const { sid, name, count, kind, priceCents, currency, opensAtMs, closesAtMs, paused } = stock;
  try {
    await session.change(
      `INSERT INTO stock (id, name, count, kind, price_cents, currency, opens_at, closes_at, paused) VALUES (?)`,
      [[sid, name, count, kind, priceCents, currency, date(opensAtMs), date(closesAtMs), paused]],
    );
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
  return true;
}

/** MySQL's ER_DUP_ENTRY. */
function isDuplicateKey(error: unknown): boolean {
  return (error as { errno?: number }).errno === 1062;
}
