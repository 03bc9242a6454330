// Which folder may import from which (dependency-cruiser). ci/structure.test.ts runs it.

const top = (/** @type {string[]} */ ...names) => `^(${names.join('|')})/`;
const tests = '^ci/testing/|^ci/verify/contracts/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no import cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'proto imports no other folder',
      severity: 'error',
      from: { path: top('proto'), pathNot: tests },
      to: { path: top('db', 'provider', 'consumer', 'order-worker', 'ci') },
    },
    {
      name: 'db imports proto only',
      severity: 'error',
      from: { path: top('db'), pathNot: tests },
      to: { path: top('provider', 'consumer', 'order-worker', 'ci') },
    },
    {
      name: 'services import proto and db, never each other',
      severity: 'error',
      from: { path: '^(provider|consumer|order-worker)/', pathNot: tests },
      to: { path: '^(provider|consumer|order-worker|ci)/', pathNot: '^$1/' },
    },
    {
      name: 'the client library imports nothing else: it runs in browsers, without dependencies',
      severity: 'error',
      from: { path: '^consumer/client/' },
      to: { pathNot: '^consumer/client/' },
    },
    {
      name: 'only tests import what is there for tests',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: `${tests}|^node_modules/tap/` },
    },
    {
      name: 'only kafka.ts and patch-kafkajs.ts in proto/kafka import kafkajs',
      severity: 'error',
      from: { pathNot: `^proto/kafka/(kafka|patch-kafkajs)\\.ts$|${tests}` },
      to: { path: '^node_modules/kafkajs/' },
    },
    {
      name: 'the package of Stripe is loaded with GATEWAY=stripe only',
      severity: 'error',
      from: { pathNot: `^proto/payments/stripe/|${tests}` },
      to: { path: '^(proto/payments|node_modules)/stripe/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^proto/gen/|^consumer/pages/dist/|\\.test\\.ts$' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
