import type { LockKind, Row, Transaction } from './tables.ts';

/** What a statement waits for. It goes on when its transaction has the lock. */
export type LockWait = { row: Row; kind: LockKind };

/** Locks a row, and waits behind those that asked before. False: the transaction had the lock. */
export function* lockRow(
  row: Row,
  transaction: Transaction,
  kind: LockKind = 'update',
): Generator<LockWait, boolean, void> {
  if (row.owner === transaction || (kind === 'share' && row.sharers.has(transaction))) return false;
  const isBehindOthers = kind === 'share' && row.waiters.length > 0;
  if (isBehindOthers || !isFree(row, transaction, kind)) yield { row, kind };
  else holdRow(row, transaction, kind);
  return true;
}

function isFree({ owner, sharers }: Row, transaction: Transaction, kind: LockKind): boolean {
  if (owner && owner !== transaction) return false;
  return kind === 'share' || sharers.size === Number(sharers.has(transaction));
}

function holdRow(row: Row, transaction: Transaction, kind: LockKind): void {
  if (kind === 'share') row.sharers.add(transaction);
  else row.owner = transaction;
  transaction.rows.add(row);
}

/** Ends the locks of a transaction on a row. */
export function unlockRow(row: Row, transaction: Transaction): void {
  if (row.owner === transaction) row.owner = null;
  row.sharers.delete(transaction);
  transaction.rows.delete(row);
  serveWaiters(row);
}

/** Gives the lock to those that wait first, as far as they can have it together. */
export function serveWaiters(row: Row): void {
  for (let next = row.waiters[0]; next; next = row.waiters[0]) {
    if (!isFree(row, next.transaction, next.kind)) return;
    row.waiters.shift();
    holdRow(row, next.transaction, next.kind);
    next.resume();
  }
  if (!row.owner && row.sharers.size === 0 && !row.committed) row.table.rows.delete(row.key);
}

/** Whether one that has locked the row waits, directly or through others, for this transaction. */
export function isDeadlock(row: Row, transaction: Transaction): boolean {
  const holders = holdersOf(row).filter((holder) => holder !== transaction);
  const seen = new Set<Transaction>();
  for (const holder of holders) {
    if (seen.has(holder) || !holder.waitingFor) continue;
    seen.add(holder);
    const blocking = holdersOf(holder.waitingFor);
    if (blocking.includes(transaction)) return true;
    holders.push(...blocking);
  }
  return false;
}

const holdersOf = ({ owner, sharers }: Row) => (owner ? [owner, ...sharers] : [...sharers]);
