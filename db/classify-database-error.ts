/**
 * What to do about an error of a write. `data`: the same statement fails again, so the batch holds something the database
 * refuses. `duplicate_key`: somebody else wrote first, or the batch holds a clash. Everything else (connection, time-out,
 * lock wait 1205, deadlock 1213, changed record 1020, full disk, read-only) is `passing`: run the transaction again.
 */
export type DatabaseErrorKind = 'data' | 'duplicate_key' | 'passing';

// Out of range, truncated, not null, wrong value, too long, CHECK (MySQL 3819, MariaDB 4025), wrong character set, also in a
// comparison with an ascii column (1267, 1270, 1271).
const DATA_ERRORS = new Set([1048, 1264, 1265, 1267, 1270, 1271, 1292, 1366, 1406, 1690, 3819, 3854, 4025]);

export function classifyDatabaseError(error: unknown): DatabaseErrorKind {
  const { errno } = error as { errno?: number };
  if (errno === 1062) return 'duplicate_key';
  return errno !== undefined && DATA_ERRORS.has(errno) ? 'data' : 'passing';
}
