import { Type } from 'typebox';
import { readSettings } from '../../../proto/settings/read-settings.ts';

const settingsSchema = Type.Object({
  TEST_MYSQL_URL: Type.String({ pattern: '^mysql://', description: 'mysql://admin:password@host:port/, no database' }),
  TEST_REDIS_URL: Type.String({
    pattern: '^redis://',
    description: 'redis://host:port of a user with all rights',
  }),
  TEST_REDIS_USERS: Type.String({
    default: '',
    description: 'The same for the user of each kind of process, separated by commas; empty: no such users',
  }),
  TEST_KAFKA_BROKERS: Type.String({ minLength: 1, description: 'host:port of the brokers, separated by commas' }),
});

/** The servers of `npm test`, or of `node ci/testing/servers/test-servers.ts` for single tests. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  return readSettings(settingsSchema, env);
}
