import type { Logger } from 'pino';
import type { Database, Session } from './database.ts';

type Variable = { Variable_name: string; Value: string };

/** Called at the start of a process. Never rejects; without an answer of the database it does nothing. */
export async function warnOfReplication(database: Database, logger: Logger): Promise<void> {
  const risk = await database.session(findReplicationRisk).catch(() => null);
  if (risk) logger.warn({ risk }, 'semi-synchronous replication is off');
}

/**
 * Why a promoted replica could lack committed transactions, or null. A server with a binary log waits for its replicas only with
 * semi-synchronous replication; Galera and group replication have their own agreement. Needs no right.
 */
export async function findReplicationRisk(session: Pick<Session, 'rows'>): Promise<string | null> {
  const rows = await session.rows<Variable>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'wsrep_on', 'group_replication_group_name',
       'rpl_semi_sync_master_enabled', 'rpl_semi_sync_source_enabled')`,
  );
  const values = new Map(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value.toUpperCase()]));
  const isOn = (name: string) => ['ON', '1'].includes(values.get(name) ?? '');
  if (!isOn('log_bin') || isOn('wsrep_on') || values.get('group_replication_group_name')) return null;
  if (isOn('rpl_semi_sync_master_enabled') || isOn('rpl_semi_sync_source_enabled')) return null;
  return 'the server has a binary log and does not wait for replicas: a promoted replica can lack committed orders';
}
