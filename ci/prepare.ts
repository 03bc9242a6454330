import { migrateDatabase } from '../db/migrate-database.ts';
import { createLogger } from '../proto/create-logger.ts';
import { createTopics } from '../proto/create-topics.ts';
import { readConfig } from './config.ts';

export type Prepared = { mysqlUrl: string; kafkaBrokers: string; topicPrefix: string };

/** Makes the database, its tables and the topics; does nothing where all is there. */
export async function prepare({ mysqlUrl, kafkaBrokers, topicPrefix }: Prepared): Promise<void> {
  const logger = createLogger('prepare', 'error');
  const brokers = kafkaBrokers.split(',');
  await Promise.all([migrateDatabase(mysqlUrl), createTopics({ brokers, clientId: 'prepare', logger, topicPrefix })]);
}

// As a command: where something else starts the processes, such as docker compose.
if (import.meta.main) {
  const { MYSQL_URL, KAFKA_BROKERS, TOPIC_PREFIX } = readConfig();
  if (!MYSQL_URL || !KAFKA_BROKERS) {
    console.error('ci/prepare.ts needs MYSQL_URL and KAFKA_BROKERS');
    process.exitCode = 2;
  } else {
    await prepare({ mysqlUrl: MYSQL_URL, kafkaBrokers: KAFKA_BROKERS, topicPrefix: TOPIC_PREFIX });
    console.log('database and topics are ready');
  }
}
