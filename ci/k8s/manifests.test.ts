import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig as readConsumerConfig } from '../../consumer/config.ts';
import { readConfig as readWorkerConfig } from '../../order-worker/config.ts';
import { SettingsError } from '../../proto/read-settings.ts';
import { readConfig as readProviderConfig } from '../../provider/config.ts';

type Container = {
  name: string;
  args?: string[];
  securityContext?: object;
  resources?: { limits?: object; requests?: object };
};
type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec?: {
    template?: {
      metadata: { labels: Record<string, string> };
      spec: { containers: Container[]; initContainers?: Container[]; securityContext?: object };
    };
    selector?: { matchLabels?: Record<string, string>; app?: string };
  };
};

const folder = import.meta.dirname;
const files = globSync('*.yaml', { cwd: folder }).sort();
const manifests = files.flatMap((file) =>
  parseAllDocuments(readFileSync(path.join(folder, file), 'utf8'), { merge: true }).map((document) => {
    const errors = document.errors.map(({ message }) => message);
    if (errors.length > 0) throw new Error(`${file}: ${errors}`);
    return document.toJS() as Manifest;
  }),
);
const find = (kind: string, name: string) => manifests.find((one) => one.kind === kind && one.metadata.name === name);
const settings = { ...find('ConfigMap', 'settings')?.data, PROCESS_NAME: 'pod-1' };
const placeholders = find('Secret', 'secrets')?.stringData ?? {};

/** The definition of a kind: apps/v1 Deployment is io.k8s.api.apps.v1.Deployment. */
function definitionOf({ apiVersion, kind }: Manifest): string {
  const [version = '', group = 'core'] = apiVersion.split('/').reverse();
  return `io.k8s.api.${group.split('.')[0]}.${version}.${kind}`;
}

t.test('every manifest is what Kubernetes takes, without a field that it does not know', async (t) => {
  t.ok(manifests.length >= 15, `${manifests.length}`);
  const schemas = JSON.parse(readFileSync(path.join(folder, 'schemas.json'), 'utf8')) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(schemas, 'k8s');
  const check = (one: unknown, name: string) => ajv.validate({ $ref: `k8s#/$defs/${name}` }, one);
  for (const one of manifests) {
    t.ok(check(one, definitionOf(one)), `${one.kind} ${one.metadata.name} ${ajv.errorsText(ajv.errors)}`);
    t.ok(one.kind === 'Namespace' || one.metadata.namespace === 'flash-sale', 'in our namespace');
  }
  const wrong = parse('{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selectors: {app: a}}}');
  t.notOk(check(wrong, 'io.k8s.api.core.v1.Service'), 'a misspelt field is found');
});

t.test('what selects, selects what is there', async (t) => {
  const labels = manifests.flatMap(({ spec }) => spec?.template?.metadata.labels.app ?? []);
  for (const { kind, metadata, spec } of manifests) {
    const wanted = spec?.selector?.matchLabels?.app ?? spec?.selector?.app;
    if (wanted !== undefined) t.ok(labels.includes(wanted), `${kind} ${metadata.name}`);
  }
});

t.test('every container is unprivileged, cannot write, and has its limits', async (t) => {
  const specs = manifests.flatMap(({ spec }) => spec?.template?.spec ?? []);
  t.equal(specs.length, 5);
  for (const { containers, initContainers = [], securityContext } of specs) {
    t.match(securityContext, { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const { name, securityContext: own, resources } of [...containers, ...initContainers]) {
      const wanted = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
      t.match(own, wanted, name);
      t.ok(resources?.limits && resources.requests, name);
    }
  }
});

t.test('with the example’s secrets nothing starts, with real ones everything does', async (t) => {
  const real = {
    MYSQL_URL: 'mysql://flashsale:x@mysql/flashsale',
    REDIS_URL: 'redis://redis:6379',
    KAFKA_BROKERS: 'kafka-0:9092,kafka-1:9092',
    ORDER_NO_KEY: 'Zp6uWn1oRk8xQv3yBm5tCj0sLd7hFg2i',
    JWT_SECRET: 'kq3rM8vXz5Lw0TtYb7Jd2HfNs9PcGaE4',
    PROVIDER_TOKEN: 'b7Jd2HfNs9PcGaE4kq3rM8vXz5Lw0TtY',
    WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  };
  t.same(Object.keys(placeholders).sort(), Object.keys(real).sort(), 'the example names them all');
  const admin = Object.keys(find('Secret', 'admin-secrets')?.stringData ?? {});
  t.same(admin, ['MYSQL_ADMIN_URL', 'MYSQL_PURGE_URL']);
  const having = manifests.filter((one) => JSON.stringify(one.spec ?? {}).includes('admin-secrets'));
  t.same(
    having.map(({ metadata }) => metadata.name),
    ['prepare'],
    'which only the Job that makes the users has',
  );
  const readers = { consumer: readConsumerConfig, provider: readProviderConfig, worker: readWorkerConfig };
  for (const [name, read] of Object.entries(readers)) {
    t.throws(() => read({ ...settings, ...placeholders }), SettingsError, name);
    t.match(read({ ...settings, ...real }), { NODE_ENV: 'production', METRICS_PORT: 9100 }, name);
  }
  for (const secret of ['ORDER_NO_KEY', 'JWT_SECRET', 'PROVIDER_TOKEN'] as const) {
    const forgotten = { ...settings, ...real, [secret]: placeholders[secret] };
    t.throws(() => readConsumerConfig(forgotten), { message: new RegExp(secret) });
  }
});
