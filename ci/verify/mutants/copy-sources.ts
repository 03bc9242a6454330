import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../local/set-up/set-up.mjs';
import { applyEdits, readSources } from './apply-edits.ts';
import type { Mutant } from './rules/mutant.ts';

const COPIED = ['proto', 'db', 'provider', 'consumer', 'order-worker', 'ci', 'package.json', 'tsconfig.json'];

/** A copy of the sources that holds one seeded bug at a time. */
export type SourceCopy = {
  dir: string;
  /** Throws unless every edit applies exactly once. Returns a function that restores the files. */
  apply(mutant: Mutant): () => void;
};

/** `folder` is below .local. */
export function copySources(folder: string): SourceCopy {
  const dir = path.join(root, '.local', folder);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const name of COPIED) cpSync(path.join(root, name), path.join(dir, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
  const sources = readSources(dir);
  return {
    dir,
    apply({ edits }) {
      const changed = applyEdits(sources, edits);
      for (const [file, text] of changed) writeFileSync(path.join(dir, file), text);
      return () => {
        for (const file of changed.keys()) writeFileSync(path.join(dir, file), sources.get(file) ?? '');
      };
    },
  };
}
