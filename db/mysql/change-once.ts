import { classifyDatabaseError } from './classify-database-error.ts';
import type { Database, Session, Transaction } from './database.ts';

/** A request that its client may send again with the same key. */
export type IdempotentRequest = {
  /** The subject of the token: each caller has keys of its own. */
  caller: string;
  key: string;
  /** Of method, path and body. */
  digest: string;
};

/** KEY_REUSED: the key belongs to another request. KEY_IN_USE: the first request with this key has not ended. */
export class IdempotencyError extends Error {
  override name = 'IdempotencyError';
  readonly reason: 'KEY_REUSED' | 'KEY_IN_USE';
  constructor(reason: IdempotencyError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Runs `change`, which makes one transaction and resolves with its result. The result is kept in that transaction, so that a repeated request
 * gets it without a second change. It must survive JSON. A change that is refused (rolled back) is not kept: nothing was changed. Without a
 * request every call makes the change. Rejects with IdempotencyError.
 */
export async function changeOnce<T>(
  database: Database,
  request: IdempotentRequest | null,
  change: (database: Database) => Promise<T>,
): Promise<T> {
  if (request === null) return change(database);
  const kept = await database.session((session) => readAnswer<T>(session, request));
  return kept ? kept.answer : change(keepAnswers(database, request));
}

/** The same database, whose transactions belong to this request: each begins with a claim of the key and ends with the answer. */
function keepAnswers(database: Database, request: IdempotentRequest): Database {
  return {
    session: database.session,
    withStatementMs: (statementMs) => keepAnswers(database.withStatementMs(statementMs), request),
    transaction: <T>(work: (transaction: Transaction) => Promise<T>) =>
      database.transaction<T>(async (transaction) => {
        const kept = await claimKey<T>(transaction, request);
        if (kept) return transaction.rollBack(kept.answer);
        let isRefused = false;
        const rollBack = <Value>(value: Value): Value => {
          isRefused = true;
          return transaction.rollBack(value);
        };
        const answer = await work({ rows: transaction.rows, change: transaction.change, rollBack });
        if (!isRefused) await keepAnswer(transaction, request, answer);
        return answer;
      }),
  };
}

/** The end of the wait for the transaction that has inserted the key. */
const LOCK_WAIT = 1205;

/** Null: this transaction has the key. Waits for another transaction that has it, and resolves with its answer. */
async function claimKey<T>(session: Session, request: IdempotentRequest): Promise<{ answer: T } | null> {
  const { caller, key, digest } = request;
  try {
    await session.change(
      "INSERT INTO idempotent_request (caller, idempotency_key, digest, answer) VALUES (?, ?, ?, '')",
      [caller, key, digest],
    );
    return null;
  } catch (error) {
    const isTaken = classifyDatabaseError(error) === 'duplicate_key';
    if (!isTaken && (error as { errno?: number }).errno !== LOCK_WAIT) throw error;
    const kept = isTaken ? await readAnswer<T>(session, request) : null;
    if (kept) return kept;
    throw new IdempotencyError('KEY_IN_USE', 'the first request with this key has not ended');
  }
}

async function keepAnswer(session: Session, { caller, key }: IdempotentRequest, answer: unknown): Promise<void> {
  await session.change('UPDATE idempotent_request SET answer = ? WHERE caller = ? AND idempotency_key = ?', [
    JSON.stringify(answer),
    caller,
    key,
  ]);
}

async function readAnswer<T>(session: Session, request: IdempotentRequest): Promise<{ answer: T } | null> {
  const [row] = await session.rows<{ digest: string; answer: string }>(
    'SELECT digest, answer FROM idempotent_request WHERE caller = ? AND idempotency_key = ?',
    [request.caller, request.key],
  );
  if (!row) return null;
  if (row.digest !== request.digest) throw new IdempotencyError('KEY_REUSED', 'the key was used for another request');
  return { answer: JSON.parse(row.answer) as T };
}
