import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Ajv } from 'ajv';
import { envSchema } from 'env-schema';
import { type Static, type TObject, Type } from 'typebox';

/** An invalid setting. Printed as one line without a stack trace. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

// JavaScript also converts 0x50 and a blank to numbers.
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Reads settings from the environment, validated and converted by the schema. `NAME_FILE` is the path of a file with the value of NAME.
 * An empty value means the default. Ignores unknown variables. Throws a SettingsError, which never contains the value of a file.
 */
export function readSettings<Schema extends TObject>(schema: Schema, environment: NodeJS.ProcessEnv): Static<Schema> {
  const env = { ...environment, ...readSettingFiles(Object.keys(schema.properties), environment) };
  for (const [name, { type }] of Object.entries(schema.properties as Record<string, { type?: string }>)) {
    const text = env[name];
    // compose.yaml passes what .env does not set as an empty value.
    if (text === '') delete env[name];
    if (type === 'integer' && text && !NUMBER.test(text)) throw new SettingsError(`settings: ${name} is not a number`);
  }
  try {
    // docs/settings.md shows the additional keyword `unit`.
    const ajv = { customOptions: (instance: Ajv) => instance.addKeyword('unit') };
    return envSchema({ schema, data: env, env: false, ajv }) as Static<Schema>;
  } catch (error) {
    throw new SettingsError(`settings: ${(error as Error).message.replace(/\benv\b/g, 'environment')}`);
  }
}

/** Only `production` refuses settings that are meant for development. */
export type Environment = 'development' | 'test' | 'production';

/** Maximum size of the file of a setting. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads the files of all `NAME_FILE` variables, by NAME. Each file contains one line, such as a mounted secret. Throws a SettingsError if
 * both NAME and NAME_FILE are set, if a file cannot be read, or if it has several lines.
 */
function readSettingFiles(names: string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const given = names.filter((name) => env[`${name}_FILE`]);
  return Object.fromEntries(given.map((name) => [name, readLine(name, env)]));
}

function readLine(name: string, env: NodeJS.ProcessEnv): string {
  const variable = `${name}_FILE`;
  if (env[name]) throw new SettingsError(`settings: set ${name} or ${variable}, not both`);
  const file = env[variable] as string;
  let text: string;
  try {
    const stats = statSync(file);
    text = stats.isFile() && stats.size <= MAX_BYTES ? readFileSync(file, 'utf8').trim() : '';
  } catch (error) {
    throw new SettingsError(`settings: ${variable} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (text === '') throw new SettingsError(`settings: ${variable} is not a file of 1 to ${MAX_BYTES} bytes`);
  if (/[\r\n]/.test(text)) throw new SettingsError(`settings: ${variable} has more than one line`);
  return text;
}

/** Settings of every process. */
export const processSettings = {
  NODE_ENV: Type.Enum(['development', 'test', 'production'], {
    default: 'production',
    description:
      'production refuses weak or missing secrets, DEMO=on, LADDER=on and GATEWAY=sandbox; development and test accept them',
  }),
  PROCESS_NAME: Type.String({
    pattern: '^[A-Za-z0-9._-]{0,64}$',
    default: '',
    description: 'Name in logs, replies and on the decisions channel. Empty: kind, host and pid',
  }),
  METRICS_PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 0,
    description: 'Port of /metrics, /livez and /readyz. 0: none',
    unit: 'port',
  }),
  METRICS_HOST: Type.String({ default: '127.0.0.1', description: 'Address that METRICS_PORT listens on' }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'Minimum level of log messages',
  }),
};

/** Settings of processes that serve requests. */
export const drainSettings = {
  DRAIN_MS: Type.Integer({
    minimum: 0,
    maximum: 4000,
    default: 500,
    description: 'After SIGTERM: how long a process reports that it is not ready, but still accepts new connections',
    unit: 'ms',
  }),
};

/** The configured name of a process, or a generated one. */
export function processName(configured: string, kind: string): string {
  return configured || `${kind}-${hostname()}-${process.pid}`.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 64);
}
