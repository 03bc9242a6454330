import { grantUsers } from '../../db/mysql/grant-users.ts';
import { migrateDatabase } from '../../db/mysql/migrate-database.ts';
import { createTopics } from '../../proto/kafka/create-topics.ts';
import { createKafkaTarget } from '../../proto/kafka/kafka.ts';
import { createLogger } from '../../proto/process/create-logger.ts';
import { type KafkaAddress, readKafkaAddress } from '../../proto/settings/kafka-security.ts';
import { SettingsError } from '../../proto/settings/read-settings.ts';
import { waitUntil } from '../command/wait-until.ts';
import { readConfig } from '../local/config.ts';

const COMMAND_LIMIT_MS = 90_000;

export type PrepareOptions = {
  mysqlUrl: string;
  /** Empty: the user of `mysqlUrl` creates the tables, and no users are created. */
  mysqlAdminUrl?: string;
  mysqlPurgeUrl?: string;
  topicPrefix: string;
  replicas?: number;
} & KafkaAddress;

/** Creates the database, its tables and users, and the topics; does nothing if all exist. */
export async function prepare(options: PrepareOptions): Promise<void> {
  const { topicPrefix, replicas = 1 } = options;
  const kafka = createKafkaTarget(options, 'prepare', createLogger('prepare', 'error'));
  // Waits for both, so that a retry finds none of them running.
  const results = await Promise.allSettled([prepareMysql(options), createTopics({ ...kafka, topicPrefix, replicas })]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

type MysqlUrls = Pick<PrepareOptions, 'mysqlUrl' | 'mysqlAdminUrl' | 'mysqlPurgeUrl'>;

async function prepareMysql({ mysqlUrl, mysqlAdminUrl = '', mysqlPurgeUrl = '' }: MysqlUrls): Promise<void> {
  const { later } = await migrateDatabase(mysqlAdminUrl || mysqlUrl);
  const keepsRights = later.length > 0;
  if (keepsRights) console.log(`· tables and rights of a later release are kept: ${later.join(', ')}`);
  if (!mysqlAdminUrl) return;
  await grantUsers({ adminUrl: mysqlAdminUrl, processUrl: mysqlUrl, purgeUrl: mysqlPurgeUrl, keepsRights });
}

// As a command, when docker compose or Kubernetes starts the processes.
if (import.meta.main) process.exitCode = await run();

async function run(): Promise<number> {
  try {
    const config = readConfig();
    const { MYSQL_URL, MYSQL_ADMIN_URL, MYSQL_PURGE_URL, KAFKA_BROKERS, TOPIC_PREFIX, KAFKA_REPLICAS } = config;
    if (!MYSQL_URL || !KAFKA_BROKERS) throw new SettingsError('set MYSQL_URL and KAFKA_BROKERS');
    const plan = {
      mysqlUrl: MYSQL_URL,
      mysqlAdminUrl: MYSQL_ADMIN_URL,
      mysqlPurgeUrl: MYSQL_PURGE_URL,
      topicPrefix: TOPIC_PREFIX,
      replicas: KAFKA_REPLICAS,
      ...readKafkaAddress(config),
    };
    // A started server may listen before it serves, and a broker may not know the others yet.
    const causes = new Set<string>();
    const tryOnce = () =>
      prepare(plan).catch((error: Error) => {
        if (!causes.has(error.message)) console.error(`· not yet: ${error.message}`);
        causes.add(error.message);
        throw error;
      });
    await waitUntil('database and topics', tryOnce, { limitMs: COMMAND_LIMIT_MS });
    console.log('database and topics are ready');
    return 0;
  } catch (error) {
    console.error(`✗ ${(error as Error).message}`);
    return error instanceof SettingsError ? 2 : 1;
  }
}
