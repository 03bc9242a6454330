import { settingsSchema as consumer } from '../../consumer/settings/settings-schema.ts';
import { settingsSchema as worker } from '../../order-worker/config.ts';
import { settingsSchema as provider } from '../../provider/config.ts';
import { settingsSchema as start } from '../local/config.ts';
import { settingsSchema as experiments } from '../measure/experiments/config.ts';
import { settingsSchema as purge } from '../ops/purge/config.ts';
import { settingsSchema as reconcile } from '../ops/reconcile/config.ts';

export type Setting = {
  type?: string;
  default?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  description?: string;
  unit?: string;
};
type Settings = Record<string, Setting>;

const settingsOf = ({ properties }: { properties: object }) => properties as Settings;

/** The settings of each process, from its schema. */
export const processSettings: Record<string, Settings> = {
  'npm start': settingsOf(start),
  consumer: settingsOf(consumer),
  provider: settingsOf(provider),
  'order-worker': settingsOf(worker),
  experiments: settingsOf(experiments),
  purge: settingsOf(purge),
};

function pick(schema: { properties: object }, names: RegExp): Settings {
  return Object.fromEntries(Object.entries(settingsOf(schema)).filter(([name]) => names.test(name)));
}

// Some commands read the schema of npm start, but use only the stores.
const stores = '(MYSQL|KAFKA)_(?!.*PORT$)|TOPIC_PREFIX$';
const log = new RegExp(`^((?!MYSQL_(ADMIN|PURGE)_)(${stores})|ORDER_RECORD_KEY$|UNSIGNED_RECORDS$)`);

/** The settings of each service of compose.yaml that runs the image of the application. */
export const serviceSettings: Record<string, Settings> = {
  consumer: settingsOf(consumer),
  provider: settingsOf(provider),
  'order-worker': settingsOf(worker),
  experiments: settingsOf(experiments),
  // A container has the user of MYSQL_PURGE_URL only.
  purge: pick(purge, /^(?!MYSQL_URL$)/),
  prepare: pick(start, new RegExp(`^(${stores})`)),
  audit: pick(start, log),
  reconcile: settingsOf(reconcile),
  replay: pick(start, log),
};

/** Secrets are known by their names: a key, a secret, a token, a password, or an address that contains a password. */
export function isSecret(name: string): boolean {
  return /(_KEY|SECRET|_TOKEN|PASSWORD)$|^(MYSQL|REDIS)_(\w+_)?URL$/.test(name);
}

/** Subjects in the order of the page; a setting belongs to the first that matches its name. */
const subjects: [title: string, names: RegExp][] = [
  ['MySQL', /^MYSQL_/],
  ['Redis', /^REDIS_/],
  ['Kafka', /^(KAFKA|TOPIC)_|RECORD/],
  ['Payments', /GATEWAY|WEBHOOK|STRIPE|^PAY_|PAYMENT|^PUBLIC_URL$/],
  ['Bots', /^ADMISSION|_CLAIMS$|^BLOCK_/],
  ['Identity', /^(JWT|JWKS)_|^ROLE|_CLAIM$|ORDER_NO_KEY|^DEMO$/],
  ['Consumers and providers', /^(PROVIDER|PLACE|GRPC)|^DECISION_KEY$|_DEADLINE_MS$/],
  ['Streams of events', /LISTENERS/],
  ['Limits', /_(RATE|BURST|WAITING|WAITING_PER_STOCK|UNDECIDED)$|^ORDER_WAIT_MS$/],
  ['HTTP', /^(CONSUMER|NGINX|CORS|TRUST|ALLOWED|EVENT_LOOP)/],
  ['The ladder', /^(LADDER|EXPERIMENT|SYSTEM)/],
  ['Processes', /./],
];

type Entry = { name: string; setting: Setting; processes: string[] };

/** All settings by subject. A name has several entries where its processes differ in default or meaning. */
export function settingsBySubject(): [title: string, entries: Entry[]][] {
  const entries = new Map<string, Entry>();
  for (const [process, settings] of Object.entries(processSettings)) {
    for (const [name, setting] of Object.entries(settings)) {
      const key = JSON.stringify([name, setting]);
      const entry = entries.get(key) ?? { name, setting, processes: [] };
      entry.processes.push(process);
      entries.set(key, entry);
    }
  }
  const groups = Map.groupBy(entries.values(), ({ name }) => subjects.find(([, names]) => names.test(name))?.[0]);
  return subjects.map(([title]) => [title, sortByName(groups.get(title) ?? [])]);
}

/** Entries of one name together, in the order in which the names come first. */
function sortByName(entries: Entry[]): Entry[] {
  return [...Map.groupBy(entries, ({ name }) => name).values()].flat();
}
