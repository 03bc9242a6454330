import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { parseAllDocuments } from 'yaml';
import { root } from '../set-up/set-up.mjs';
import { NODE_FLAGS } from './node-flags.ts';

const KINDS = ['consumer', 'provider', 'order-worker'];
const read = (...file: string[]) =>
  parseAllDocuments(readFileSync(path.join(root, ...file), 'utf8'), { merge: true }).map((document) => document.toJS());

t.test('compose.yaml starts the processes with the flags', async (t) => {
  const [compose] = read('compose.yaml') as { services: Record<string, { command: string[] }> }[];
  for (const kind of KINDS) t.same(compose?.services[kind]?.command, [...NODE_FLAGS, `${kind}/main.ts`]);
});

t.test('Kubernetes starts the processes with the flags', async (t) => {
  type Deployment = { kind: string; spec: { template: { spec: { containers: { args: string[] }[] } } } };
  for (const [kind, file] of [
    ['consumer', '32-consumer.yaml'],
    ['provider', '31-provider.yaml'],
    ['order-worker', '30-order-worker.yaml'],
  ] as const) {
    const documents = read('ci', 'ops', 'k8s', file) as Deployment[];
    const deployment = documents.find((document) => document.spec?.template);
    t.same(deployment?.spec.template.spec.containers[0]?.args, [...NODE_FLAGS, `${kind}/main.ts`]);
  }
});
