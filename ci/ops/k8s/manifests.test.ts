import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig as readConsumerConfig } from '../../../consumer/config.ts';
import { readConfig as readWorkerConfig } from '../../../order-worker/config.ts';
import { SettingsError } from '../../../proto/settings/read-settings.ts';
import { readConfig as readProviderConfig } from '../../../provider/config.ts';

type Egress = { ports: { port: number }[] };
type Container = {
  name: string;
  env?: { name: string; value?: string }[];
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
const find = (kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
const settings = { ...find('ConfigMap', 'settings')?.data, PROCESS_NAME: 'pod-1' };
const secretsOf = (kind: string) => find('Secret', `${kind}-secrets`)?.stringData ?? {};

/** The definition of a kind: apps/v1 Deployment is io.k8s.api.apps.v1.Deployment. */
function definitionOf({ apiVersion, kind }: Manifest): string {
  const [version = '', group = 'core'] = apiVersion.split('/').reverse();
  return `io.k8s.api.${group.split('.')[0]}.${version}.${kind}`;
}

t.test('every manifest is valid for Kubernetes, without unknown fields', async (t) => {
  t.ok(manifests.length >= 15, `${manifests.length}`);
  const schemas = JSON.parse(readFileSync(path.join(folder, 'schemas.json'), 'utf8')) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(schemas, 'k8s');
  const check = (manifest: unknown, name: string) => ajv.validate({ $ref: `k8s#/$defs/${name}` }, manifest);
  for (const manifest of manifests) {
    t.ok(
      check(manifest, definitionOf(manifest)),
      `${manifest.kind} ${manifest.metadata.name} ${ajv.errorsText(ajv.errors)}`,
    );
    t.ok(manifest.kind === 'Namespace' || manifest.metadata.namespace === 'flash-sale', 'in the namespace flash-sale');
  }
  const wrong = parse('{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selectors: {app: a}}}');
  t.notOk(check(wrong, 'io.k8s.api.core.v1.Service'), 'a misspelt field is found');
});

t.test('every selector matches a pod', async (t) => {
  const labels = manifests.flatMap(({ spec }) => spec?.template?.metadata.labels.app ?? []);
  for (const { kind, metadata, spec } of manifests) {
    const wanted = spec?.selector?.matchLabels?.app ?? spec?.selector?.app;
    if (wanted !== undefined) t.ok(labels.includes(wanted), `${kind} ${metadata.name}`);
  }
});

t.test('every container is unprivileged, has a read-only file system, and has limits', async (t) => {
  const specs = manifests.flatMap(({ spec }) => spec?.template?.spec ?? []);
  t.equal(specs.length, 6);
  for (const { containers, initContainers = [], securityContext } of specs) {
    t.match(securityContext, { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const { name, securityContext: own, resources } of [...containers, ...initContainers]) {
      const wanted = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
      t.match(own, wanted, name);
      t.ok(resources?.limits && resources.requests, name);
    }
  }
});

t.test('no process starts with the example secrets, all start with real ones', async (t) => {
  const real = {
    MYSQL_URL: 'mysql://flashsale:x@mysql/flashsale',
    REDIS_URL: 'redis://redis:6379',
    KAFKA_BROKERS: 'kafka-0:9092,kafka-1:9092',
    ORDER_RECORD_KEY: 'nB4xV7cQ1wRt8yUj5kLm2zGh9sDf3aPe',
    DECISION_KEY: 'Tg5hY2jU9kI4lO7pQ1wE8rS3dF6vC0xZ',
    ORDER_NO_KEY: 'Zp6uWn1oRk8xQv3yBm5tCj0sLd7hFg2i',
    JWT_SECRET: 'kq3rM8vXz5Lw0TtYb7Jd2HfNs9PcGaE4',
    PROVIDER_TOKEN: 'b7Jd2HfNs9PcGaE4kq3rM8vXz5Lw0TtY',
    WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  };
  const admin = Object.keys(find('Secret', 'admin-secrets')?.stringData ?? {});
  t.same(admin, ['MYSQL_ADMIN_URL', 'MYSQL_PURGE_URL']);
  const having = manifests.filter((manifest) => JSON.stringify(manifest.spec ?? {}).includes('admin-secrets'));
  t.same(
    having.map(({ metadata }) => metadata.name),
    ['prepare'],
    'only the Job that creates the users has them',
  );
  const readers = { consumer: readConsumerConfig, provider: readProviderConfig, 'order-worker': readWorkerConfig };
  for (const [kind, read] of Object.entries(readers)) {
    const examples = secretsOf(kind);
    const own = Object.fromEntries(Object.keys(examples).map((name) => [name, real[name as keyof typeof real]]));
    t.notOk(Object.values(own).includes(undefined as never), kind);
    t.match(
      read({ ...settings, ...own }),
      { NODE_ENV: 'production', METRICS_PORT: 9100 },
      `${kind} starts with its own secrets`,
    );
    t.throws(() => read({ ...settings, ...examples }), SettingsError, kind);
    for (const name of Object.keys(examples).filter((secret) => secret !== 'KAFKA_BROKERS')) {
      const forgotten = { ...settings, ...own, [name]: examples[name] };
      t.throws(() => read(forgotten), { message: new RegExp(name) }, `${kind} with the example ${name}`);
    }
    const reads = JSON.stringify(find('Deployment', kind)?.spec);
    for (const other of Object.keys(readers)) t.equal(reads.includes(`"${other}-secrets"`), other === kind, other);
  }
});

t.test('each pod accepts connections only from its callers', async (t) => {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata }) => metadata.name);
  const pods = manifests.flatMap(({ spec }) => spec?.template?.metadata.labels.app ?? []);
  t.same(policies.sort(), ['refuse-all', ...pods].sort());
  const all = find('NetworkPolicy', 'refuse-all')?.spec;
  t.same(all, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  const callersOf = (pod: string) =>
    [
      ...JSON.stringify(find('NetworkPolicy', pod)?.spec).matchAll(
        /"from":\[\{"podSelector":\{"matchLabels":\{"app":"([\w-]+)"/g,
      ),
    ].map(([, caller]) => caller);
  t.same(callersOf('consumer'), ['nginx', 'order-worker']);
  t.same(callersOf('provider'), ['consumer']);
  t.same(callersOf('order-worker'), []);
});

t.test('audit and replay reach MySQL and Kafka, and accept no connections', async (t) => {
  const { egress, ingress } = (find('NetworkPolicy', 'tools')?.spec ?? {}) as { egress?: Egress[]; ingress?: unknown };
  t.same(
    egress?.flatMap(({ ports }) => ports.map(({ port }) => port)),
    [53, 53, 3306, 9092],
  );
  t.equal(ingress, undefined);
  const job = find('Job', 'tools')?.spec?.template;
  t.same(job?.metadata.labels, { app: 'tools' });
  t.match(job?.spec.containers, [{ args: ['ci/bin/audit.ts'] }]);
});

t.test('by default nginx trusts no proxy, and consumers trust nginx at any pod address', async (t) => {
  const compose = parse(readFileSync(path.join(folder, '../../../compose.yaml'), 'utf8'), { merge: true });
  t.match(compose.services.nginx.environment.NGINX_REAL_IP, /^\$\{NGINX_REAL_IP:-\}$/);
  const env = find('Deployment', 'nginx')?.spec?.template?.spec.containers[0]?.env;
  t.match(
    env?.find(({ name }) => name === 'NGINX_REAL_IP'),
    { value: '' },
  );
  t.match(settings, { TRUST_PROXY: 'uniquelocal,100.64.0.0/10' });
});

t.test('no pod is removed because a dependency is down, and workers are not scaled during a sale', async (t) => {
  t.match(find('Service', 'provider')?.spec, { clusterIP: 'None', publishNotReadyAddresses: true });
  t.match(find('Deployment', 'nginx')?.spec?.template?.spec.containers, [
    { readinessProbe: { httpGet: { path: '/.ready' } } },
  ]);
  t.equal(find('HorizontalPodAutoscaler', 'order-worker'), undefined);
  t.match(find('Deployment', 'order-worker')?.spec, { replicas: Number });
});
