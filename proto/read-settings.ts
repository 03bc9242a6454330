import { hostname } from 'node:os';
import type { Ajv } from 'ajv';
import { envSchema } from 'env-schema';
import { type Static, type TObject, Type } from 'typebox';

/** What is wrong with the settings, for one clear line instead of a stack. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

// 0x50 and a blank are numbers to JavaScript.
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Settings from the environment, checked and converted as the schema says. Unknown variables are ignored. */
export function readSettings<Schema extends TObject>(schema: Schema, env: NodeJS.ProcessEnv): Static<Schema> {
  for (const [name, { type }] of Object.entries(schema.properties as Record<string, { type?: string }>)) {
    const text = env[name];
    if (type === 'integer' && text && !NUMBER.test(text)) throw new SettingsError(`settings: ${name} is no number`);
  }
  try {
    // `unit` is a word of our own in the schemas; docs/settings.md shows it.
    const ajv = { customOptions: (instance: Ajv) => instance.addKeyword('unit') };
    return envSchema({ schema, data: { ...env }, env: false, ajv }) as Static<Schema>;
  } catch (error) {
    throw new SettingsError(`settings: ${(error as Error).message.replace(/\benv\b/g, 'environment')}`);
  }
}

/** What a process may be run for. Only `production` refuses what is for trying things out. */
export type Environment = 'development' | 'test' | 'production';

/** Settings that every process has. */
export const processSettings = {
  NODE_ENV: Type.Enum(['development', 'test', 'production'], {
    default: 'production',
    description:
      'production refuses weak or missing secrets, DEMO=on, LADDER=on and GATEWAY=sandbox; development and test take them',
  }),
  PROCESS_NAME: Type.String({
    pattern: '^[A-Za-z0-9._-]{0,64}$',
    default: '',
    description: 'Name in logs, answers and on the decisions channel; empty: kind, host and pid',
  }),
  METRICS_PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 0,
    description: 'Port of /metrics, /livez and /readyz; 0: none',
    unit: 'port',
  }),
  METRICS_HOST: Type.String({ default: '127.0.0.1', description: 'Address that METRICS_PORT listens on' }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'Least level that is logged',
  }),
};

/** Of processes that others call. */
export const drainSettings = {
  DRAIN_MS: Type.Integer({
    minimum: 0,
    maximum: 4000,
    default: 500,
    description:
      'After SIGTERM: how long a process that is not ready any more still takes new callers, until all have noticed',
    unit: 'ms',
  }),
};

/** The name a process goes by when it was given none. */
export function processName(given: string, kind: string): string {
  return given || `${kind}-${hostname()}-${process.pid}`.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 64);
}
