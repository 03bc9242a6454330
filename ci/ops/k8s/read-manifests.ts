import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

type Selector = {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
};
type Peer = { podSelector?: Selector; namespaceSelector?: Selector };
type Rule = { from?: Peer[]; to?: Peer[]; ports: { port: number }[] };
export type Container = {
  name: string;
  args?: string[];
  env?: { name: string; value?: string }[];
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  securityContext?: object;
  resources?: { limits?: object; requests?: object };
};
export type Pod = {
  metadata: { labels: Record<string, string> };
  spec: { containers: Container[]; initContainers?: Container[]; securityContext?: object };
};
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  spec?: {
    template?: Pod;
    jobTemplate?: { spec: { template: Pod } };
    selector?: Selector & { app?: string };
    podSelector?: Selector;
    policyTypes?: string[];
    ingress?: Rule[];
    egress?: Rule[];
    suspend?: boolean;
    replicas?: number;
  };
};

/** The manifests of a text with one or more documents. */
export function parseManifests(text: string, file: string): Manifest[] {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    const errors = document.errors.map(({ message }) => message);
    if (errors.length > 0) throw new Error(`${file}: ${errors}`);
    return document.toJS() as Manifest;
  });
}

/** The manifests in the files of a folder, without its kustomization. */
export function readManifests(folder: string): Manifest[] {
  const files = globSync('*.yaml', { cwd: folder }).filter((file) => file !== 'kustomization.yaml');
  return files.sort().flatMap((file) => parseManifests(readFileSync(path.join(folder, file), 'utf8'), file));
}

/** The pods that manifests start. */
export function podsOf(manifests: Manifest[]): Pod[] {
  return manifests.flatMap(({ spec }) => spec?.template ?? spec?.jobTemplate?.spec.template ?? []);
}

/** The connections that the policies allow to (`ingress`) or from (`egress`) the pods `app`, as `PEER:PORT`; `*`: any address. */
export function connectionsOf(manifests: Manifest[], app: string, direction: 'ingress' | 'egress'): string[] {
  const rules = manifests
    .filter(({ kind, spec }) => kind === 'NetworkPolicy' && selects(spec?.podSelector, app))
    .flatMap(({ spec }) => spec?.[direction] ?? []);
  const allowed = rules.flatMap(({ from, to, ports }) =>
    (from ?? to ?? [{}]).flatMap((peer) => peersOf(peer).flatMap((name) => ports.map(({ port }) => `${name}:${port}`))),
  );
  return [...new Set(allowed)].sort();
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector = {}, app: string): boolean {
  return (
    (matchLabels.app ?? app) === app &&
    matchExpressions.every(({ key, values }) => key === 'app' && values.includes(app))
  );
}

function peersOf({ podSelector, namespaceSelector }: Peer): string[] {
  if (namespaceSelector) return Object.values(namespaceSelector.matchLabels ?? {});
  if (!podSelector) return ['*'];
  const { matchLabels = {}, matchExpressions = [] } = podSelector;
  return [...Object.values(matchLabels), ...matchExpressions.flatMap(({ values }) => values)];
}
