import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { readConfig as readConsumerConfig } from '../../../consumer/config.ts';
import { readConfig as readWorkerConfig } from '../../../order-worker/config.ts';
import { readConfig as readProviderConfig } from '../../../provider/config.ts';
import { serviceSettings } from '../../generate/process-settings.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { readConfig as readPurgeConfig } from '../purge/config.ts';
import { type Manifest, parseManifests, podsOf } from './read-manifests.ts';
import { splitCommand, splitSettings } from './split-settings.ts';

// The kustomize of kubectl 1.21 and later. Without kubectl the overlays are not built.
const hasKustomize = /Kustomize Version: v[4-9]/.test(
  spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).stdout ?? '',
);

const silently = async (run: () => Promise<number>) => {
  const { log, error } = console;
  const lines: string[] = [];
  console.log = console.error = (line: string) => lines.push(line);
  const code = await run();
  Object.assign(console, { log, error });
  return { code, output: lines.join('\n') };
};

/** Copies the manifests, fills in an overlay as its README says, and returns its folder. */
async function fillIn(t: Test, name: string, ...options: string[]): Promise<string> {
  const dir = t.testdir({});
  for (const folder of ['ci/ops/k8s/base', `ci/ops/k8s/overlays/${name}`, 'nginx']) {
    cpSync(path.join(root, folder), path.join(dir, folder), { recursive: true });
  }
  const overlay = path.join(dir, 'ci/ops/k8s/overlays', name);
  const example = readFileSync(path.join(overlay, 'example.env'), 'utf8');
  writeFileSync(path.join(overlay, '.env'), example.replaceAll('CHANGE-ME', '10.0.0.9'));
  execFileSync(path.join(root, 'ci/bin/make-env'), [...options, path.join(overlay, '.env')]);
  const { code, output } = await silently(() => splitCommand([overlay]));
  t.equal(code, 0, output);
  return overlay;
}

t.test('an example that is not filled in is refused, and names the setting', async (t) => {
  const dir = t.testdir({ '.env': readFileSync(path.join(import.meta.dirname, 'overlays/production/example.env')) });
  const { code, output } = await silently(() => splitCommand([dir]));
  t.equal(code, 2);
  t.match(output, /^✗ settings: [A-Z_]+ still has CHANGE-ME$/);
});

t.test('a wrong setting is refused with the line of its process, and nothing is written', async (t) => {
  const dir = t.testdir({ '.env': 'BUYER_RATE=many\n' });
  const { code, output } = await silently(() => splitCommand([dir]));
  t.match({ code, output }, { code: 2, output: /^✗ consumer: settings: BUYER_RATE is not a number$/ });
  t.throws(() => readFileSync(path.join(dir, 'settings.env')), { code: 'ENOENT' });
});

t.test('every setting reaches the processes that read it, and a secret only those', async (t) => {
  const list = Object.fromEntries(
    Object.values(serviceSettings).flatMap((settings) => Object.keys(settings).map((name) => [name, `of ${name}`])),
  );
  const { maps, secrets, unknown } = splitSettings({ ...list, ADDRESS_RATE: '9', MISSPELT: 'x' });
  t.ok(unknown.includes('MISSPELT') && unknown.includes('METRICS_PORT'));
  t.same(maps.nginx, { ADDRESS_RATE: '9' });
  for (const [kind, settings] of Object.entries(serviceSettings).filter(([name]) => name !== 'experiments')) {
    const given: Record<string, string> = { ...maps.settings, ...secrets[kind] };
    const missing = Object.keys(settings).filter((name) => !(name in given) && !unknown.includes(name));
    t.same(missing, [], kind);
    t.same(
      Object.keys(secrets[kind] ?? {}).filter((name) => !(name in settings)),
      [],
      `${kind}: no other secret`,
    );
  }
  t.notOk('EXPERIMENT_MAX' in maps.settings);
});

t.test('a name with a kind counts for that kind only, and wins', async (t) => {
  const { maps, secrets } = splitSettings({
    PROVIDER_MYSQL_POOL: '9',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the settings file
    ORDER_WORKER_REDIS_URL: 'redis://w:${PASSWORD}@redis',
    PASSWORD: 'x',
    REDIS_URL: 'redis://all',
    PROVIDER_TOKEN: 'token',
  });
  t.same(maps.settings, {});
  t.same(secrets.provider, { MYSQL_POOL: '9', REDIS_URL: 'redis://all', PROVIDER_TOKEN: 'token' });
  t.same(secrets['order-worker'], { REDIS_URL: 'redis://w:x@redis' });
  t.same(secrets.consumer, { REDIS_URL: 'redis://all', PROVIDER_TOKEN: 'token' });
});

t.test('certificates are checked where the overlay has them', async (t) => {
  const example = readFileSync(path.join(import.meta.dirname, 'overlays/production/example.env'), 'utf8');
  const filled = `${example.replaceAll('CHANGE-ME', 'db.example')}MYSQL_TLS=on\nMYSQL_CA_FILE=/certificates/ca.pem\n`;
  const dir = t.testdir({ '.env': filled });
  execFileSync(path.join(root, 'ci/bin/make-env'), [path.join(dir, '.env')]);
  t.match(await silently(() => splitCommand([dir])), { code: 0 }, 'a Secret that is made elsewhere');
  mkdirSync(path.join(dir, 'certificates/provider'), { recursive: true });
  t.match(await silently(() => splitCommand([dir])), {
    code: 2,
    output: /^✗ provider: settings: MYSQL_CA_FILE cannot be read: ENOENT$/,
  });
});

t.test(
  'consumers and providers are connected by certificates of the overlay',
  { skip: !hasKustomize && 'no kubectl' },
  async (t) => {
    const overlay = await fillIn(t, 'production');
    const certificates = path.join(overlay, 'certificates');
    for (const [kind, SAN] of [
      ['provider', 'DNS:provider.flash-sale.svc.cluster.local'],
      ['consumer', 'DNS:consumer'],
    ] as const) {
      const env = { ...process.env, SAN };
      execFileSync(path.join(root, 'ci/bin/make-certificates'), [certificates, kind], { env, stdio: 'pipe' });
      const files = ['ca', 'cert', 'key'].map((name) => `certificates/${kind}/${name}.pem`);
      const generator = `  - name: ${kind}-certificates\n    namespace: flash-sale\n    files: [${files}]\n`;
      appendFileSync(path.join(overlay, 'kustomization.yaml'), generator);
    }
    const names = ['ca', 'cert', 'key'].map((name) => `GRPC_${name.toUpperCase()}_FILE=/certificates/${name}.pem\n`);
    appendFileSync(path.join(overlay, '.env'), `GRPC_TLS=on\n${names.join('')}`);
    t.match(await silently(() => splitCommand([overlay])), { code: 0 });
    const built = execFileSync('kubectl', ['kustomize', overlay], { encoding: 'utf8' });
    for (const kind of ['provider', 'consumer']) {
      t.equal(
        built.match(new RegExp(`(name|secretName): ${kind}-certificates-\\w{10}$`, 'gm'))?.length,
        2,
        'the Secret is mounted',
      );
    }
    t.match(built, /^ {2}GRPC_CERT_FILE: \/certificates\/cert\.pem$/m);
  },
);

const decode = ({ kind, data = {} }: Manifest) =>
  Object.fromEntries(
    Object.entries(data).map(([name, text]) => [
      name,
      kind === 'Secret' ? Buffer.from(text, 'base64').toString() : text,
    ]),
  );

for (const [name, options, expected] of [
  ['production', [], { NODE_ENV: 'production', JWKS_URL: 'https://10.0.0.9/keys', GATEWAY: 'off' }],
  ['trial', ['--demo'], { NODE_ENV: 'development', DEMO: 'on', GATEWAY: 'sandbox' }],
] as const) {
  t.test(
    `kustomize builds ${name}, and each process starts with it`,
    { skip: !hasKustomize && 'no kubectl' },
    async (t) => {
      const overlay = await fillIn(t, name, ...options);
      const built = parseManifests(execFileSync('kubectl', ['kustomize', overlay], { encoding: 'utf8' }), name);
      const named = new Map(built.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest]));
      const environmentOf = (app: string) => {
        const pod = podsOf(built).find(({ metadata }) => metadata.labels.app === app);
        const parts = pod?.spec.containers[0]?.envFrom?.map(({ configMapRef, secretRef }) =>
          decode(named.get(configMapRef ? `ConfigMap ${configMapRef.name}` : `Secret ${secretRef?.name}`) as Manifest),
        );
        return Object.assign({ PROCESS_NAME: 'pod-1' }, ...(parts ?? []));
      };
      t.match(readConsumerConfig(environmentOf('consumer')), expected);
      t.match(readProviderConfig(environmentOf('provider')), { METRICS_PORT: 9100, PROVIDER_HOST: '0.0.0.0' });
      t.match(readWorkerConfig(environmentOf('order-worker')), { METRICS_HOST: '0.0.0.0' });
      t.match(readPurgeConfig(undefined, environmentOf('purge')), { MYSQL_PURGE_URL: /flashsale_purge/ });
      t.match(environmentOf('prepare'), { MYSQL_ADMIN_URL: /^mysql:/ });
      t.match(environmentOf('audit'), { ORDER_RECORD_KEY: /^[0-9a-f]{64}$/ });
      for (const kind of ['consumer', 'provider', 'order-worker', 'audit', 'purge'])
        t.notOk('MYSQL_ADMIN_URL' in environmentOf(kind), `${kind} cannot change tables`);
      t.match(environmentOf('nginx'), { NGINX_LISTEN: '8080', ADDRESS_RATE: '200' });
      const templates = built.find(
        ({ kind, metadata }) => kind === 'ConfigMap' && /^nginx-\w{10}$/.test(metadata.name),
      );
      t.same(Object.keys(templates?.data ?? {}).sort(), [
        'flash-sale.conf.template',
        'nginx.conf',
        'upstream.conf.template',
      ]);
    },
  );
}
