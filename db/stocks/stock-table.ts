import { classifyDatabaseError } from '../mysql/classify-database-error.ts';
import type { Session } from '../mysql/database.ts';
import { DETAIL_COLUMNS, detailValues, NO_DETAILS, type StockDetails } from './stock-details.ts';
import { addDraws, type EntryTimes, type LineState, type StockDraw } from './stock-draws.ts';

export type StockKind = 'sale' | 'ladder';

/** How units find their buyers (docs/draws.md). */
export const STOCK_MODES = ['rush', 'draw', 'line'] as const;
export type StockMode = (typeof STOCK_MODES)[number];

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
  /** Units that one order may have. */
  maxPerOrder: number;
  mode: StockMode;
  /** Units go to offers, and every other order is refused. Each change of it moves the version. */
  offersOnly: boolean;
  /** The database's clock at the read. */
  readAtMs: number;
  /** Only of reads for views (readDetailedStocks). */
  details?: StockDetails;
  /** Only of reads for views, and not of a rush. */
  entryTimes?: EntryTimes;
  /** Only of reads for views from the database, and not of a rush without a line. */
  draw?: StockDraw;
  /** As a provider says. */
  line?: LineState;
};

/** A stock's units after a COMMIT. */
export type UnitsAfter = Pick<Stock, 'sid' | 'count' | 'sale' | 'version'>;

type StockRow = Omit<
  Stock,
  | 'opensAtMs'
  | 'closesAtMs'
  | 'paused'
  | 'hidden'
  | 'offersOnly'
  | 'readAtMs'
  | 'details'
  | 'entryTimes'
  | 'draw'
  | 'line'
> & {
  opensAt: Date | null;
  closesAt: Date | null;
  paused: number;
  hidden: number;
  offersOnly: number;
  readAt: Date;
};

const COLUMNS = `id AS sid, name, count, sale, version, kind, price_cents AS priceCents, currency, opens_at AS opensAt,
  closes_at AS closesAt, paused, hidden, max_per_order AS maxPerOrder, mode, offers_only AS offersOnly, NOW(3) AS readAt`;

function toStock({ opensAt, closesAt, paused, hidden, offersOnly, readAt, ...rest }: StockRow): Stock {
  return {
    ...rest,
    opensAtMs: opensAt?.getTime() ?? null,
    closesAtMs: closesAt?.getTime() ?? null,
    paused: paused === 1,
    hidden: hidden === 1,
    offersOnly: offersOnly === 1,
    readAtMs: readAt.getTime(),
  };
}

/** Reads stocks in order of id. Their rows are locked in the same order. */
export async function readStocks(session: Session, sids: number[], lock = false): Promise<Stock[]> {
  if (sids.length === 0) return [];
  const sql = `SELECT ${COLUMNS} FROM stock WHERE id IN (?) ORDER BY id${lock ? ' FOR UPDATE' : ''}`;
  return (await session.rows<StockRow>(sql, [sids])).map(toStock);
}

type DetailedRow = StockRow & StockDetails;

function toDetailedStock({
  reference,
  metadata,
  description,
  pictureUrl,
  compareAtPriceCents,
  ...row
}: DetailedRow): Stock {
  const stock = toStock(row);
  stock.details = { reference, metadata, description, pictureUrl, compareAtPriceCents };
  return stock;
}

/** As readStocks, with what the shop says about the stocks. */
export async function readDetailedStocks(session: Session, sids: number[], lock = false): Promise<Stock[]> {
  if (sids.length === 0) return [];
  const sql = `SELECT ${COLUMNS}, ${DETAIL_COLUMNS} FROM stock WHERE id IN (?) ORDER BY id${lock ? ' FOR UPDATE' : ''}`;
  return addDraws(session, (await session.rows<DetailedRow>(sql, [sids])).map(toDetailedStock));
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
  /** With `withHidden`: only stocks that are, or are not. */
  hidden?: boolean | undefined;
  limit: number;
};

/** With what the shop says about the stocks. */
export async function listStocks(session: Session, page: StockPage): Promise<Stock[]> {
  const { kind, states = [], afterSid, newestFirst, withHidden = false, hidden, limit } = page;
  const shown = withHidden ? (hidden === undefined ? '' : `AND ${hidden ? '' : 'NOT '}hidden`) : 'AND NOT hidden';
  const bound = newestFirst ? afterSid || Number.MAX_SAFE_INTEGER + 1 : afterSid;
  const sql = `SELECT ${COLUMNS}, ${DETAIL_COLUMNS} FROM stock WHERE kind = ? AND id ${newestFirst ? '<' : '>'} ?
    ${shown} ${states.length > 0 ? `AND ${STATE} IN (?)` : ''} ORDER BY id ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`;
  const rows = await session.rows<DetailedRow>(sql, [kind, bound, ...(states.length > 0 ? [states] : []), limit]);
  return addDraws(session, rows.map(toDetailedStock));
}

/** No `mode`: rush. The units of the other modes go to offers from the beginning. */
export type NewStock = Omit<Stock, 'sale' | 'version' | 'hidden' | 'readAtMs' | 'mode' | 'offersOnly'> & {
  mode?: StockMode;
};

export type StockInsertion = 'INSERTED' | 'ID_TAKEN' | 'REFERENCE_TAKEN';

/** `isUniqueReference`: no other stock with a unique reference may have this one. */
export async function insertStock(
  session: Session,
  stock: NewStock,
  isUniqueReference = false,
): Promise<StockInsertion> {
  const date = (ms: number | null) => (ms === null ? null : new Date(ms));
  const {
    sid,
    name,
    count,
    kind,
    priceCents,
    currency,
    paused,
    maxPerOrder,
    mode = 'rush',
    details = NO_DETAILS,
  } = stock;
  const [opensAt, closesAt] = [date(stock.opensAtMs), date(stock.closesAtMs)];
  const terms = [priceCents, currency, opensAt, closesAt, paused, maxPerOrder, mode, mode !== 'rush'];
  try {
    await session.change(
      `INSERT INTO stock (id, name, count, kind, price_cents, currency, opens_at, closes_at, paused, max_per_order, mode, offers_only,
         reference, unique_reference, metadata, description, picture_url, compare_at_price_cents) VALUES (?)`,
      [[sid, name, count, kind, ...terms, ...detailValues(details, isUniqueReference)]],
    );
  } catch (error) {
    if (classifyDatabaseError(error) !== 'duplicate_key') throw error;
    const taken = await session.rows('SELECT id FROM stock WHERE id = ?', [sid]);
    return taken.length > 0 ? 'ID_TAKEN' : 'REFERENCE_TAKEN';
  }
  return 'INSERTED';
}
