import type { Test } from 'tap';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { createTestRedis } from './test-redis.ts';
import { createTestTopics, type TestTopics } from './test-topics.ts';

export type TestServers = Pick<TestDatabase, 'mysql' | 'database'> & {
  mysqlUrl: string;
  redisUrl: string;
  topics: TestTopics;
};

// A start on a busy machine takes longer than tap's limit of 30 s for a file.
const FILE_LIMIT_MS = 240_000;

/** A database, a Redis database and topics for one test file. */
export async function createTestServers(t: Test): Promise<TestServers> {
  t.setTimeout(FILE_LIMIT_MS);
  const [{ url, mysql, database }, redisUrl, topics] = await Promise.all([
    createTestDatabase(t),
    createTestRedis(t),
    createTestTopics(t),
  ]);
  return { mysql, database, mysqlUrl: url, redisUrl, topics };
}
