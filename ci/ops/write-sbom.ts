import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../local/set-up/set-up.mjs';

/** Packages that the build puts into the files for browsers. */
export const pagePackages = ['@preact/signals', 'altcha-lib', 'preact', 'uplot'];

type Sbom = {
  metadata: { component: { 'bom-ref': string; name: string } };
  components: { 'bom-ref': string; name: string; version: string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
};

/**
 * The bill of materials (CycloneDX) of what runs: the packages of the processes and those of the pages, with all that they depend on. From
 * the lock file, without a network. npm's own --omit=dev also leaves out packages that a package for development uses as well.
 */
export function writeSbom(): Sbom {
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const sbom = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 50_000_000 })) as Sbom;
  const { name, dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    name: string;
    dependencies: Record<string, string>;
  };
  // npm takes the name of the folder.
  sbom.metadata.component.name = name;
  const own = sbom.metadata.component['bom-ref'];
  const dependsOn = new Map(sbom.dependencies.map((entry) => [entry.ref, entry.dependsOn]));
  const wanted = new Set([...Object.keys(dependencies), ...pagePackages]);
  const direct = (dependsOn.get(own) ?? []).filter((ref) => wanted.has(ref.slice(0, ref.lastIndexOf('@'))));
  const used = new Set(direct);
  for (const ref of used) for (const next of dependsOn.get(ref) ?? []) used.add(next);
  sbom.components = sbom.components.filter((component) => used.has(component['bom-ref']));
  sbom.dependencies = sbom.dependencies.filter(({ ref }) => used.has(ref)).concat({ ref: own, dependsOn: direct });
  return sbom;
}

if (import.meta.main) console.log(JSON.stringify(writeSbom(), null, 2));
