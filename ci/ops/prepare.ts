import { grantUsers } from '../../db/mysql/grant-users.ts';
import { migrateDatabase } from '../../db/mysql/migrate-database.ts';
import { createTopics } from '../../proto/kafka/create-topics.ts';
import { createLogger } from '../../proto/process/create-logger.ts';
import { waitUntil } from '../command/wait-until.ts';
import { readConfig } from '../local/config.ts';

const commandLimitMs = 90_000;

export type Prepared = {
  mysqlUrl: string;
  /** Empty: the user of `mysqlUrl` makes the tables, and no user is made. */
  mysqlAdminUrl?: string;
  mysqlPurgeUrl?: string;
  kafkaBrokers: string;
  topicPrefix: string;
  replicas?: number;
};

/** Makes the database, its tables and users, and the topics; does nothing where all is there. */
export async function prepare({ kafkaBrokers, topicPrefix, replicas = 1, ...mysql }: Prepared): Promise<void> {
  const kafka = { brokers: kafkaBrokers.split(','), clientId: 'prepare', logger: createLogger('prepare', 'error') };
  // Both to their end, so that whoever tries again finds neither under way.
  const done = await Promise.allSettled([prepareMysql(mysql), createTopics({ ...kafka, topicPrefix, replicas })]);
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}

type MysqlUrls = Pick<Prepared, 'mysqlUrl' | 'mysqlAdminUrl' | 'mysqlPurgeUrl'>;

async function prepareMysql({ mysqlUrl, mysqlAdminUrl = '', mysqlPurgeUrl = '' }: MysqlUrls): Promise<void> {
  await migrateDatabase(mysqlAdminUrl || mysqlUrl);
  if (mysqlAdminUrl) await grantUsers({ adminUrl: mysqlAdminUrl, processUrl: mysqlUrl, purgeUrl: mysqlPurgeUrl });
}

// As a command: where something else starts the processes, such as docker compose.
if (import.meta.main) {
  const { MYSQL_URL, MYSQL_ADMIN_URL, MYSQL_PURGE_URL, KAFKA_BROKERS, TOPIC_PREFIX, KAFKA_REPLICAS } = readConfig();
  if (!MYSQL_URL || !KAFKA_BROKERS) {
    console.error('ci/ops/prepare.ts needs MYSQL_URL and KAFKA_BROKERS');
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
    // Servers that have just been started may listen before they serve, and a broker may lack its fellows still.
    await waitUntil('database and topics', () => prepare(plan), { limitMs: commandLimitMs }).then(
      () => console.log('database and topics are ready'),
      (error: Error) => {
        console.error(`✗ ${error.message}`);
        process.exitCode = 1;
      },
    );
  }
}
