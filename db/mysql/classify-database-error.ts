/**
 * The kind of an error of a write. `data`: the database refuses a value in the batch, and would refuse it again. `duplicate_key`:
 * another transaction wrote first, or two rows of the batch conflict. `statement`: the server refuses the statement itself, because a
 * table, a column or a right is missing; it is retried with an alarm until an operator has corrected that. `passing`: everything else
 * (connection, time-out, lock wait 1205, deadlock 1213, changed record 1020, full disk, read-only); run the transaction again.
 */
export type DatabaseErrorKind = 'data' | 'duplicate_key' | 'statement' | 'passing';

// Out of range, truncated, not null, wrong value, too long, CHECK (MySQL 3819, MariaDB 4025), wrong character set, also in a
// comparison with an ascii column (1267, 1270, 1271).
const DATA_ERRORS = new Set([1048, 1264, 1265, 1267, 1270, 1271, 1292, 1366, 1406, 1690, 3819, 3854, 4025]);
// Of class 42 but temporary: too many connections or statements of one user.
const PASSING_OF_CLASS_42 = new Set([1203, 1226]);
// A field without a default, safe updates, a statement that the binary log does not support.
const STATEMENT_ERRORS = new Set([1364, 1175, 1665]);
/** SQLSTATE classes: syntax or access, not supported, wrong number of columns. */
const STATEMENT_CLASSES = ['42', '0A', '21'];

/** No connection is available: the database is down, or the pool is exhausted. */
export class ConnectionError extends Error {
  override name = 'ConnectionError';
}

export function classifyDatabaseError(error: unknown): DatabaseErrorKind {
  const { errno, sqlState = '' } = error as { errno?: number; sqlState?: string };
  if (errno === 1062) return 'duplicate_key';
  if (errno === undefined) return 'passing';
  if (DATA_ERRORS.has(errno)) return 'data';
  const isOfClass = STATEMENT_CLASSES.includes(sqlState.slice(0, 2)) && !PASSING_OF_CLASS_42.has(errno);
  return isOfClass || STATEMENT_ERRORS.has(errno) ? 'statement' : 'passing';
}

/** The error is an answer of the server, so the statement has ended there. */
export function isServerAnswer(error: unknown): boolean {
  const { errno, fatal } = error as { errno?: number; fatal?: boolean };
  return typeof errno === 'number' && errno > 0 && fatal !== true;
}

/** Error codes of the network and of mysql2's time-out. */
const LOST = /^(PROTOCOL_\w+|ECONN\w+|ETIMEDOUT|EPIPE|EHOST\w+|ENET\w+|ENOTFOUND|EAI_AGAIN)$/;

/** Whether the same call can succeed when it is repeated. Any other error is a bug or a wrong configuration. */
export function isPassingDatabaseError(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  const { code, fatal } = error as { code?: unknown; fatal?: boolean };
  if (fatal === true || (typeof code === 'string' && LOST.test(code))) return true;
  const kind = classifyDatabaseError(error);
  return isServerAnswer(error) && (kind === 'passing' || kind === 'duplicate_key');
}
