import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parse } from 'yaml';
import { rollOrder } from '../release/roll-system.ts';
import { connectionsOf, type Manifest, podsOf, readManifests } from './read-manifests.ts';

const folder = import.meta.dirname;
const base = readManifests(path.join(folder, 'base'));
const overlays = ['production', 'trial'].map((name) => ({
  name,
  dir: path.join(folder, 'overlays', name),
  manifests: [...base, ...readManifests(path.join(folder, 'overlays', name))],
}));
const [production, trial] = overlays.map(({ manifests }) => manifests) as [Manifest[], Manifest[]];
const all = [...new Set([...production, ...trial])];
const find = (manifests: Manifest[], kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
const appsOf = (manifests: Manifest[]) => podsOf(manifests).map(({ metadata }) => metadata.labels.app ?? '');
const OWN = ['audit', 'consumer', 'nginx', 'order-worker', 'prepare', 'provider', 'purge', 'reconcile', 'replay'];

/** The definition of a kind: apps/v1 Deployment is io.k8s.api.apps.v1.Deployment. */
function definitionOf({ apiVersion, kind }: Manifest): string {
  const [version = '', group = 'core'] = apiVersion.split('/').reverse();
  return `io.k8s.api.${group.split('.')[0]}.${version}.${kind}`;
}

t.test('every manifest is valid for Kubernetes, without unknown fields', async (t) => {
  t.ok(all.length >= 30, `${all.length}`);
  const schemas = JSON.parse(readFileSync(path.join(folder, 'schemas.json'), 'utf8')) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(schemas, 'k8s');
  const check = (manifest: unknown, name: string) => ajv.validate({ $ref: `k8s#/$defs/${name}` }, manifest);
  for (const manifest of all) {
    t.ok(
      check(manifest, definitionOf(manifest)),
      `${manifest.kind} ${manifest.metadata.name} ${ajv.errorsText(ajv.errors)}`,
    );
    t.ok(manifest.kind === 'Namespace' || manifest.metadata.namespace === 'flash-sale', 'in the namespace flash-sale');
  }
  const wrong = parse('{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selectors: {app: a}}}');
  t.notOk(check(wrong, 'io.k8s.api.core.v1.Service'), 'a misspelt field is found');
});

t.test('each kustomization lists every file of its folder, and only files that exist', async (t) => {
  for (const dir of [path.join(folder, 'base'), ...overlays.map((overlay) => overlay.dir)]) {
    const text = readFileSync(path.join(dir, 'kustomization.yaml'), 'utf8');
    const { resources, configMapGenerator } = parse(text) as {
      resources: string[];
      configMapGenerator: { name: string; envs: string[] }[];
    };
    const own = globSync('*.yaml', { cwd: dir }).filter((file) => file !== 'kustomization.yaml');
    t.same(resources.filter((file) => file.endsWith('.yaml')).sort(), own.sort(), dir);
    for (const resource of resources) t.ok(existsSync(path.join(dir, resource)), resource);
    t.same(
      configMapGenerator.map(({ name, envs }) => [name, ...envs]),
      [
        ['settings', 'settings.env'],
        ['nginx-settings', 'nginx.env'],
      ],
    );
  }
});

t.test('every selector matches a pod, and every command exists', async (t) => {
  for (const { kind, metadata, spec } of all) {
    const wanted = spec?.selector?.matchLabels?.app ?? spec?.selector?.app;
    if (wanted !== undefined) t.ok(appsOf(all).includes(wanted), `${kind} ${metadata.name}`);
  }
  const commands = podsOf(base).flatMap(({ spec }) => spec.containers.flatMap(({ args = [] }) => args[0] ?? []));
  t.ok(commands.length >= 7);
  for (const command of commands) t.ok(existsSync(path.join(folder, '../../..', command)), command);
});

t.test('every container is unprivileged, has a read-only file system, and has limits', async (t) => {
  t.same(appsOf(base).sort(), OWN);
  for (const { metadata, spec } of podsOf(all)) {
    t.match(spec.securityContext, { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    // The image of Kafka writes its configuration at its start.
    const readOnlyRootFilesystem = metadata.labels.app !== 'kafka';
    const wanted = { allowPrivilegeEscalation: false, readOnlyRootFilesystem, capabilities: { drop: ['ALL'] } };
    for (const { name, securityContext, resources } of [...spec.containers, ...(spec.initContainers ?? [])]) {
      t.match(securityContext, wanted, name);
      t.ok(resources?.limits && resources.requests, name);
    }
  }
});

t.test('each pod has the settings, and only its own secrets', async (t) => {
  for (const { metadata, spec } of podsOf(base)) {
    const app = metadata.labels.app ?? '';
    if (app === 'nginx') continue;
    const text = JSON.stringify(spec);
    t.same([...new Set(text.match(/[\w-]+-secrets/g))], [`${app}-secrets`], app);
    t.same([...new Set(text.match(/[\w-]+-certificates/g))], [`${app}-certificates`], app);
    for (const { envFrom } of [...spec.containers, ...(spec.initContainers ?? [])]) {
      t.match(envFrom, [{ configMapRef: { name: 'settings' } }, { secretRef: { name: `${app}-secrets` } }], app);
    }
  }
});

t.test('each pod accepts connections only from its callers', async (t) => {
  for (const manifests of [production, trial]) {
    t.same(find(manifests, 'NetworkPolicy', 'refuse-all')?.spec, {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    const callers = (app: string) => connectionsOf(manifests, app, 'ingress');
    t.same(callers('nginx'), ['*:8080']);
    t.same(callers('consumer'), ['monitoring:9100', 'nginx:3000', 'order-worker:3000']);
    t.same(callers('provider'), ['consumer:50051', 'monitoring:9100']);
    t.same(callers('order-worker'), ['monitoring:9100']);
    for (const app of ['prepare', 'purge', 'reconcile', 'audit', 'replay']) t.same(callers(app), [], app);
  }
  const clients = (app: string) => connectionsOf(trial, app, 'ingress').map((text) => text.split(':')[0]);
  t.same(clients('mysql'), ['audit', 'order-worker', 'prepare', 'provider', 'purge', 'reconcile', 'replay']);
  t.same(clients('redis'), ['consumer', 'order-worker', 'provider']);
  t.same(clients('kafka'), ['audit', 'order-worker', 'prepare', 'provider', 'replay']);
});

t.test('each pod reaches what it needs, and nothing else', async (t) => {
  const needs: Record<string, string[]> = {
    nginx: ['consumer:3000'],
    consumer: ['provider:50051', 'redis:6379', 'internet:443'],
    provider: ['mysql:3306', 'redis:6379', 'kafka:9092'],
    'order-worker': ['consumer:3000', 'mysql:3306', 'redis:6379', 'kafka:9092', 'internet:443'],
    prepare: ['mysql:3306', 'kafka:9092'],
    purge: ['mysql:3306'],
    reconcile: ['mysql:3306', 'internet:443'],
    audit: ['mysql:3306', 'kafka:9092'],
    replay: ['mysql:3306', 'kafka:9092'],
  };
  t.same(Object.keys(needs).sort(), OWN);
  for (const [app, peers] of Object.entries(needs)) {
    const outside = peers.map((peer) => peer.replace(/^(mysql|redis|kafka|internet)/, '*'));
    t.same(connectionsOf(production, app, 'egress'), ['*:53', ...outside].sort(), `production: ${app}`);
    // The try-out has demo tokens and the sandbox gateway.
    const inside = peers.filter((peer) => !peer.startsWith('internet'));
    t.same(connectionsOf(trial, app, 'egress'), ['*:53', ...inside].sort(), `trial: ${app}`);
  }
  for (const store of ['mysql', 'redis', 'kafka']) t.same(connectionsOf(trial, store, 'egress'), ['*:53'], store);
});

t.test('a release applies every object once, in the order of docs/releases.md', async (t) => {
  const script = readFileSync(path.join(folder, 'release'), 'utf8');
  const [, kinds = ''] = /^for kind in ([\w -]+);/m.exec(script) ?? [];
  t.same(kinds.split(' '), [...rollOrder, 'nginx']);
  const [, later = ''] = /notin \(([^)]+)\)/.exec(script) ?? [];
  const [, last = ''] = /app in \(([^)]+)\)/.exec(script) ?? [];
  t.same(later.split(', ').sort(), OWN);
  t.same(
    last.split(', ').sort(),
    OWN.filter((app) => !['prepare', ...rollOrder, 'nginx'].includes(app)),
  );
  const labelled = base.filter(({ metadata, kind }) => kind !== 'Service' && metadata.labels?.app !== undefined);
  t.same(labelled.map(({ metadata }) => metadata.name).sort(), OWN, 'each pod template has the label of its step');
});

t.test('production survives the loss of a node or zone, and of one pod while a node is drained', async (t) => {
  for (const app of ['consumer', 'provider', 'order-worker', 'nginx']) {
    const budget = find(production, 'PodDisruptionBudget', app)?.spec;
    t.match(budget, { maxUnavailable: 1, selector: { matchLabels: { app } } }, app);
    if (app === 'nginx') continue;
    t.match(find(production, 'Deployment', app)?.spec?.template?.spec, {
      topologySpreadConstraints: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } },
        { topologyKey: 'topology.kubernetes.io/zone', labelSelector: { matchLabels: { app } } },
      ],
    });
  }
});

t.test('by default nginx trusts no proxy, and consumers trust nginx at any pod address', async (t) => {
  const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
  const compose = parse(read('../../../compose.yaml'), { merge: true });
  t.match(compose.services.nginx.environment.NGINX_REAL_IP, /^\$\{NGINX_REAL_IP:-\}$/);
  t.match(read('base/nginx.env'), /^NGINX_REAL_IP=$/m);
  t.match(read('base/settings.env'), /^TRUST_PROXY=uniquelocal,100\.64\.0\.0\/10$/m);
});

t.test('no pod is removed because a dependency is down, and workers are not scaled during a sale', async (t) => {
  t.match(find(base, 'Service', 'provider')?.spec, { clusterIP: 'None', publishNotReadyAddresses: true });
  t.match(find(base, 'Deployment', 'nginx')?.spec?.template?.spec.containers, [
    { readinessProbe: { httpGet: { path: '/.ready' } } },
  ]);
  const scaled = production
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .map(({ metadata }) => metadata.name);
  t.same(scaled.sort(), ['consumer', 'provider']);
});

t.test('jobs run on a schedule, reconcile with a gateway only, and a replay by hand', async (t) => {
  const jobs = base.filter(({ kind }) => kind === 'CronJob');
  t.same(jobs.map(({ metadata, spec }) => [metadata.name, spec?.suspend ?? false]).sort(), [
    ['audit', false],
    ['purge', false],
    ['reconcile', true],
    ['replay', true],
  ]);
});
