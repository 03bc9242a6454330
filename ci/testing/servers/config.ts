import { Type } from 'typebox';
import { readSettings } from '../../../proto/settings/read-settings.ts';

const settingsSchema = Type.Object({
  TEST_MYSQL_URL: Type.String({ pattern: '^mysql://', description: 'mysql://admin:password@host:port/, no database' }),
  TEST_REDIS_URL: Type.String({
    pattern: '^redis://',
    description: 'redis://host:port of a user who may do everything',
  }),
  TEST_REDIS_USERS: Type.String({
    default: '',
    description: 'The same of the user of each kind of process, with commas; empty: there are none',
  }),
  TEST_KAFKA_BROKERS: Type.String({ minLength: 1, description: 'host:port of the brokers, with commas' }),
});

/** The servers that `npm test` started, or that `node ci/testing/servers/test-servers.ts` keeps up for single tests. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  return readSettings(settingsSchema, env);
}
