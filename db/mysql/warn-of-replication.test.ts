import t from 'tap';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { createDatabase } from './database.ts';
import { findReplicationRisk } from './warn-of-replication.ts';

/** A server with these variables. */
const server = (variables: Record<string, string>) => ({
  rows: async <Row>() => Object.entries(variables).map(([Variable_name, Value]) => ({ Variable_name, Value })) as Row[],
});

t.test('a server with a binary log and without semi-synchronous replication is a risk', async (t) => {
  const risk = (variables: Record<string, string>) => findReplicationRisk(server(variables));
  t.match(await risk({ log_bin: 'ON' }), /does not wait for replicas/);
  t.match(
    await risk({ log_bin: 'ON', rpl_semi_sync_master_enabled: 'OFF', wsrep_on: 'OFF' }),
    /does not wait for replicas/,
  );
  t.equal(await risk({ log_bin: 'ON', rpl_semi_sync_master_enabled: 'ON' }), null);
  t.equal(await risk({ log_bin: 'ON', rpl_semi_sync_source_enabled: 'ON' }), null);
  t.equal(await risk({ log_bin: 'ON', wsrep_on: 'ON' }), null);
  t.equal(await risk({ log_bin: 'ON', group_replication_group_name: 'a-b' }), null);
  t.equal(await risk({ log_bin: 'OFF' }), null);
});

t.test('a user without rights can read the variables', async (t) => {
  const { url, mysql } = await createTestDatabase(t);
  const [[{ logs }]] = await mysql.raw('SELECT @@log_bin AS logs');
  const { connectMysql } = await import('./connect-mysql.ts');
  const pool = connectMysql({ url, maxConnections: 1, acquireDeadlineMs: 10_000 });
  t.teardown(() => pool.destroy());
  const risk = await createDatabase({ mysql: pool, statementMs: 5000 }).session(findReplicationRisk);
  if (Number(logs) === 0) t.equal(risk, null);
  else t.type(risk, 'string');
});
