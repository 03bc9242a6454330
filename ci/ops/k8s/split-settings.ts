import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { readConfig as readConsumerConfig } from '../../../consumer/config.ts';
import { readConfig as readWorkerConfig } from '../../../order-worker/config.ts';
import { SettingsError } from '../../../proto/settings/read-settings.ts';
import { readConfig as readProviderConfig } from '../../../provider/config.ts';
import { createCommand } from '../../command/create-command.ts';
import { UsageError } from '../../command/usage-error.ts';
import { fixedInCompose } from '../../generate/compose-settings.ts';
import { isSecret, serviceSettings } from '../../generate/process-settings.ts';

type Values = Record<string, string>;
export type SplitSettings = {
  /** The ConfigMaps, by name. */
  maps: { settings: Values; nginx: Values };
  /** The Secrets, by kind of process. */
  secrets: Record<string, Values>;
  /** Names that nothing reads. */
  unknown: string[];
};

const { experiments: _, ...kinds } = serviceSettings;
// The stores of the overlay `trial`.
const STORE_SECRETS = ['MYSQL_ROOT_PASSWORD', 'REDIS_ADMIN_PASSWORD'];

const readBase = (file: string): Values => readEnv(path.join(import.meta.dirname, 'base', file));
const base = { settings: readBase('settings.env'), nginx: readBase('nginx.env') };

function readEnv(file: string): Values {
  return parseEnv(readFileSync(file, 'utf8')) as Values;
}

/** Gives each kind of process what it reads of one list of settings. Throws a SettingsError for a setting that is not filled in. */
export function splitSettings(list: Values): SplitSettings {
  const empty = Object.fromEntries(Object.keys(kinds).map((kind): [string, Values] => [kind, {}]));
  const split: SplitSettings = { maps: { settings: {}, nginx: {} }, secrets: { ...empty, stores: {} }, unknown: [] };
  const own: [kind: string, name: string, value: string][] = [];
  for (const [name, text] of Object.entries(list)) {
    const value = text.replace(/\$\{(\w+)\}/g, (_, other) => list[other] ?? '');
    if (value.includes('CHANGE-ME')) throw new SettingsError(`settings: ${name} still has CHANGE-ME`);
    if (/[\r\n]/.test(value)) throw new SettingsError(`settings: ${name} has more than one line`);
    const readers = Object.keys(kinds).filter((kind) => name in (kinds[kind] ?? {}));
    const owner = readers.length === 0 && ownerOf(name);
    if (STORE_SECRETS.includes(name)) split.secrets.stores = { ...split.secrets.stores, [name]: value };
    else if (owner) own.push([owner, name.slice(prefixOf(owner).length), value]);
    else if (name in base.nginx) split.maps.nginx[name] = value;
    else if (readers.length === 0 || name in fixedInCompose) split.unknown.push(name);
    else if (isSecret(name)) own.unshift(...readers.map((kind): (typeof own)[number] => [kind, name, value]));
    else split.maps.settings[name] = value;
  }
  // The values for one kind only come last and win.
  for (const [kind, name, value] of own) (split.secrets[kind] as Values)[name] = value;
  return split;
}

const prefixOf = (kind: string) => `${kind.toUpperCase().replaceAll('-', '_')}_`;

/** The kind of process that a name such as PROVIDER_MYSQL_POOL is for. */
function ownerOf(name: string): string | undefined {
  return Object.entries(kinds).find(
    ([kind, settings]) => name.startsWith(prefixOf(kind)) && name.slice(prefixOf(kind).length) in settings,
  )?.[0];
}

/**
 * Reads the settings as the processes will, with the files of OVERLAY/certificates/KIND in the place of /certificates. Without this folder
 * no file is read. Throws a SettingsError that names the process.
 */
export function checkSettings({ maps, secrets }: SplitSettings, overlay: string): void {
  const readers = { consumer: readConsumerConfig, provider: readProviderConfig, 'order-worker': readWorkerConfig };
  for (const [kind, read] of Object.entries(readers)) {
    const folder = path.join(overlay, 'certificates', kind);
    const values = Object.entries({ ...base.settings, ...maps.settings, ...secrets[kind] })
      .filter(([name]) => existsSync(folder) || !/_FILE$|^GRPC_/.test(name))
      .map(([name, value]) => [name, value.replace(/^\/certificates(?=\/)/, folder)]);
    try {
      read(Object.fromEntries(values));
    } catch (error) {
      throw new SettingsError(`${kind}: ${(error as Error).message}`);
    }
  }
}

const usage = `Usage: node_modules/.bin/node ci/ops/k8s/split-settings.ts OVERLAY

Reads OVERLAY/.env and writes what its kustomization.yaml reads: settings.env and nginx.env, which are not secret, and for each kind of
process secrets/KIND.env with the secrets that it needs. Checks the settings as the processes do. Exit code 2: wrong settings; nothing is written.

  --help   print this`;

export const splitCommand = createCommand({
  usage,
  options: {},
  allowPositionals: true,
  run(_, [overlay, ...rest]) {
    if (overlay === undefined || rest.length > 0) throw new UsageError('name one overlay');
    const split = splitSettings(readEnv(path.join(overlay, '.env')));
    checkSettings(split, overlay);
    mkdirSync(path.join(overlay, 'secrets'), { recursive: true, mode: 0o700 });
    const files = { ...split.maps, ...prefixKeys('secrets/', split.secrets) };
    for (const [name, values] of Object.entries(files)) {
      const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
      writeFileSync(path.join(overlay, `${name}.env`), lines.join(''), { mode: 0o600 });
    }
    if (split.unknown.length > 0) console.log(`· not for Kubernetes, left out: ${split.unknown.join(', ')}`);
    console.log(`· ${Object.keys(files).length} files written to ${overlay}`);
    return 0;
  },
});

function prefixKeys(prefix: string, values: Record<string, Values>): Record<string, Values> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]));
}

if (import.meta.main) process.exitCode = await splitCommand(process.argv.slice(2));
