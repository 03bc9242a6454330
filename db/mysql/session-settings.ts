import { SERVER_SQL, type ServerSide } from './statement-ender.ts';

/** Mistakes are errors, and a backslash in a text is what the client thinks it is: values are escaped for this mode. */
const SQL_MODE = ['STRICT_TRANS_TABLES', 'STRICT_ALL_TABLES', 'ERROR_FOR_DIVISION_BY_ZERO', 'NO_ENGINE_SUBSTITUTION'];

/** All that our SQL relies on; nothing of it is left to the server's configuration, `init_connect` or option files. */
const VARIABLES = [
  `sql_mode = '${SQL_MODE.join(',')}'`,
  'autocommit = 1',
  // After COMMIT there is neither a transaction nor a lost connection.
  "completion_type = 'NO_CHAIN'",
  // UTC: times are the database's.
  "time_zone = '+00:00'",
  'sql_safe_updates = 0',
  'sql_select_limit = 18446744073709551615',
  'sql_big_selects = 1',
  'sql_auto_is_null = 0',
  'foreign_key_checks = 1',
  'unique_checks = 1',
  "default_storage_engine = 'InnoDB'",
];

/** The caller has the deadline, and ends what it gave up. Each server has its own limit beside it, which is for less than all statements. */
const NO_LIMIT = '/*M! , max_statement_time = 0 */ /*!80000 , max_execution_time = 0 */';

/**
 * What a new connection is set to. READ COMMITTED: the version check needs to see what others committed, and locks no gaps. The first
 * statements have no text in quotes that a mode could read otherwise.
 */
export const SESSION_STATEMENTS = [
  'SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET SESSION TRANSACTION READ WRITE',
  `SET SESSION ${VARIABLES.join(', ')} ${NO_LIMIT}`,
];

/** What is read back: a proxy between us and the server may have kept a setting to itself. */
export const SESSION_CHECK = `SELECT @@SESSION.sql_mode AS mode, @@SESSION.autocommit AS autocommit,
  @@SESSION.time_zone AS zone, @@SESSION.character_set_client AS charset,
  CONNECTION_ID() AS connectionId, ${SERVER_SQL} AS server`;

export type SessionRow = ServerSide & { mode: string; autocommit: number; zone: string; charset: string };

/** Why a connection cannot be used: values written into its statements could be read otherwise. Null: it can. */
export function findWrongSetting({ mode, autocommit, zone, charset }: SessionRow): string | null {
  if (mode.split(',').toSorted().join() !== SQL_MODE.toSorted().join()) return `sql_mode is ${mode}`;
  if (autocommit !== 1) return 'autocommit is off';
  if (zone !== '+00:00') return `time_zone is ${zone}`;
  return charset === 'utf8mb4' ? null : `character_set_client is ${charset}`;
}
