import { readFileSync, statSync } from 'node:fs';
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

/**
 * Settings from the environment, checked and converted as the schema says; `NAME_FILE` names a file that holds the value of
 * NAME. Unknown variables are ignored. Throws a SettingsError, which shows no value of a file.
 */
export function readSettings<Schema extends TObject>(schema: Schema, environment: NodeJS.ProcessEnv): Static<Schema> {
  const env = { ...environment, ...readSettingFiles(Object.keys(schema.properties), environment) };
  for (const [name, { type }] of Object.entries(schema.properties as Record<string, { type?: string }>)) {
    const text = env[name];
    if (type === 'integer' && text && !NUMBER.test(text)) throw new SettingsError(`settings: ${name} is no number`);
  }
  try {
    // `unit` is a word of our own in the schemas; docs/settings.md shows it.
    const ajv = { customOptions: (instance: Ajv) => instance.addKeyword('unit') };
    return envSchema({ schema, data: env, env: false, ajv }) as Static<Schema>;
  } catch (error) {
    throw new SettingsError(`settings: ${(error as Error).message.replace(/\benv\b/g, 'environment')}`);
  }
}

/** What a process may be run for. Only `production` refuses what is for trying things out. */
export type Environment = 'development' | 'test' | 'production';

/** Of a file that holds one setting. */
const MAX_BYTES = 64 * 1024;

/**
 * What the files hold that `NAME_FILE` names, by NAME: one line each, such as a mounted secret. Throws a SettingsError where
 * both NAME and NAME_FILE are given, and where a file cannot be read or is no single line.
 */
function readSettingFiles(names: string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const given = names.filter((name) => env[`${name}_FILE`]);
  return Object.fromEntries(given.map((name) => [name, readLine(name, env)]));
}

function readLine(name: string, env: NodeJS.ProcessEnv): string {
  const variable = `${name}_FILE`;
  if (env[name]) throw new SettingsError(`settings: give ${name} or ${variable}, not both`);
  const file = env[variable] as string;
  let text: string;
  try {
    const stats = statSync(file);
    text = stats.isFile() && stats.size <= MAX_BYTES ? readFileSync(file, 'utf8').trim() : '';
  } catch (error) {
    throw new SettingsError(`settings: ${variable} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (text === '') throw new SettingsError(`settings: ${variable} is no file of 1 to ${MAX_BYTES} bytes`);
  if (/[\r\n]/.test(text)) throw new SettingsError(`settings: ${variable} has more than one line`);
  return text;
}

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
