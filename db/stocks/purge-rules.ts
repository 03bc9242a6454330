import { ORDER_RETENTION_DAYS } from '../../proto/kafka/topics.ts';
import type { Stock } from './stock-table.ts';

const DAY_MS = 86_400_000;

type Closing = Pick<Stock, 'closesAtMs' | 'readAtMs'>;

/**
 * The minimum time that refusals are kept: a day longer than the log keeps records. Otherwise a late copy of a purged order would be
 * decided again.
 */
export const MIN_KEPT_DAYS = ORDER_RETENTION_DAYS + 1;

/**
 * Whether a sale ended so long ago that its refusals may have been purged. Only such stocks are purged, and their order numbers
 * without a row are never decided again: a poll must not buy.
 */
export function isLongClosed({ closesAtMs, readAtMs }: Closing): boolean {
  return closesAtMs !== null && readAtMs - closesAtMs > MIN_KEPT_DAYS * DAY_MS;
}

/**
 * Whether a sale ended longer ago than the log keeps records. No new order of it is decided from then on; a day later its refusals
 * may be purged.
 */
export function isClosedForGood({ closesAtMs, readAtMs }: Closing): boolean {
  return closesAtMs !== null && readAtMs - closesAtMs > ORDER_RETENTION_DAYS * DAY_MS;
}
