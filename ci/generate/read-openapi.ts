import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { startApp } from '../../consumer/app.ts';
import { readConfig } from '../../consumer/config.ts';

/** What only some consumers serve is described too. No server is needed: nothing listens on port 9. */
const SETTINGS = {
  NODE_ENV: 'test',
  GATEWAY: 'sandbox',
  WARM_UP: 'off',
  CONSUMER_PORT: '0',
  PROVIDERS: '127.0.0.1:9',
  REDIS_URL: 'redis://127.0.0.1:9',
  DEMO: 'on',
  LADDER: 'on',
  CALL_DEADLINE_MS: '500',
  APPEND_DEADLINE_MS: '50',
  DIRECT_DEADLINE_MS: '50',
};

/** The OpenAPI document of a consumer that serves all routes, as it is sent. */
export async function readOpenApi(): Promise<object> {
  const names = ['JWT_SECRET', 'ORDER_NO_KEY', 'ORDER_RECORD_KEY', 'DECISION_KEY', 'WEBHOOK_KEY'];
  const secrets = Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')]));
  const config = readConfig(Object.assign({}, SETTINGS, secrets));
  const { app, close } = await startApp(config, 'openapi', pino({ level: 'silent' }));
  try {
    return JSON.parse((await app.inject('/api/v1/openapi.json')).body);
  } finally {
    await close();
  }
}
