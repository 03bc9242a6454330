import { grantUsers } from '../../db/mysql/grant-users.ts';
import { migrateDatabase } from '../../db/mysql/migrate-database.ts';
import { createTopics } from '../../proto/kafka/create-topics.ts';
import { createLogger } from '../../proto/process/create-logger.ts';
import { waitUntil } from '../command/wait-until.ts';
import { readConfig } from '../local/config.ts';

const COMMAND_LIMIT_MS = 90_000;

export type PrepareOptions = {
  mysqlUrl: string;
  /** Empty: the user of `mysqlUrl` creates the tables, and no users are created. */
  mysqlAdminUrl?: string;
  mysqlPurgeUrl?: string;
  kafkaBrokers: string;
  topicPrefix: string;
  replicas?: number;
};

/** Creates the database, its tables and users, and the topics; does nothing if all exist. */
export async function prepare({ kafkaBrokers, topicPrefix, replicas = 1, ...mysql }: PrepareOptions): Promise<void> {
  const kafka = { brokers: kafkaBrokers.split(','), clientId: 'prepare', logger: createLogger('prepare', 'error') };
  // Waits for both, so that a retry finds none of them running.
  const results = await Promise.allSettled([prepareMysql(mysql), createTopics({ ...kafka, topicPrefix, replicas })]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

type MysqlUrls = Pick<PrepareOptions, 'mysqlUrl' | 'mysqlAdminUrl' | 'mysqlPurgeUrl'>;

async function prepareMysql({ mysqlUrl, mysqlAdminUrl = '', mysqlPurgeUrl = '' }: MysqlUrls): Promise<void> {
  await migrateDatabase(mysqlAdminUrl || mysqlUrl);
  if (mysqlAdminUrl) await grantUsers({ adminUrl: mysqlAdminUrl, processUrl: mysqlUrl, purgeUrl: mysqlPurgeUrl });
}

// As a command, when docker compose or Kubernetes starts the processes.
if (import.meta.main) {
  const { MYSQL_URL, MYSQL_ADMIN_URL, MYSQL_PURGE_URL, KAFKA_BROKERS, TOPIC_PREFIX, KAFKA_REPLICAS } = readConfig();
  if (!MYSQL_URL || !KAFKA_BROKERS) {
    console.error('✗ set MYSQL_URL and KAFKA_BROKERS');
    process.exitCode = 2;
  } else {
    const plan = {
      mysqlUrl: MYSQL_URL,
      mysqlAdminUrl: MYSQL_ADMIN_URL,
      mysqlPurgeUrl: MYSQL_PURGE_URL,
      kafkaBrokers: KAFKA_BROKERS,
      topicPrefix: TOPIC_PREFIX,
      replicas: KAFKA_REPLICAS,
    };
    // A started server may listen before it serves, and a broker may not know the others yet.
    await waitUntil('database and topics', () => prepare(plan), { limitMs: COMMAND_LIMIT_MS }).then(
      () => console.log('database and topics are ready'),
      (error: Error) => {
        console.error(`✗ ${error.message}`);
        process.exitCode = 1;
      },
    );
  }
}
