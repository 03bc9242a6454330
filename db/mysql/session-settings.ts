import { SERVER_SQL, type ServerSide } from './statement-ender.ts';

/** Invalid values are errors, and a backslash escapes: the client escapes values for this mode. */
const SQL_MODE = ['STRICT_TRANS_TABLES', 'STRICT_ALL_TABLES', 'ERROR_FOR_DIVISION_BY_ZERO', 'NO_ENGINE_SUBSTITUTION'];

/** The session variables that the SQL relies on, whatever the server's configuration, `init_connect` and option files say. */
const VARIABLES = [
  `sql_mode = '${SQL_MODE.join(',')}'`,
  'autocommit = 1',
  // COMMIT neither starts a new transaction nor closes the connection.
  "completion_type = 'NO_CHAIN'",
  // UTC.
  "time_zone = '+00:00'",
  'sql_safe_updates = 0',
  'sql_select_limit = 18446744073709551615',
  'sql_big_selects = 1',
  'sql_auto_is_null = 0',
  'foreign_key_checks = 1',
  'unique_checks = 1',
  "default_storage_engine = 'InnoDB'",
];

/** No time limit of the server: the caller has a deadline and ends late statements. The servers' limits do not cover all statements. */
const NO_LIMIT = '/*M! , max_statement_time = 0 */ /*!80000 , max_execution_time = 0 */';

/**
 * Sets up a new connection. READ COMMITTED: the version check must see what other transactions committed, and locks no gaps. The first
 * statements contain no quoted text whose meaning depends on the SQL mode.
 */
export const SESSION_STATEMENTS = [
  'SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET SESSION TRANSACTION READ WRITE',
  `SET SESSION ${VARIABLES.join(', ')} ${NO_LIMIT}`,
];

/** Read back after the set-up, because a proxy may drop a SET statement. */
export const SESSION_CHECK = `SELECT @@SESSION.sql_mode AS mode, @@SESSION.autocommit AS autocommit,
  @@SESSION.time_zone AS zone, @@SESSION.character_set_client AS charset,
  CONNECTION_ID() AS connectionId, ${SERVER_SQL} AS server`;

export type SessionRow = ServerSide & { mode: string; autocommit: number; zone: string; charset: string };

/** The setting that would make the server read escaped values differently, or null. */
export function findWrongSetting({ mode, autocommit, zone, charset }: SessionRow): string | null {
  if (mode.split(',').toSorted().join() !== SQL_MODE.toSorted().join()) return `sql_mode is ${mode}`;
  if (autocommit !== 1) return 'autocommit is off';
  if (zone !== '+00:00') return `time_zone is ${zone}`;
  return charset === 'utf8mb4' ? null : `character_set_client is ${charset}`;
}
