import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../local/set-up/set-up.mjs';
import type { Mutant } from './mutant.ts';

const COPIED = ['proto', 'db', 'provider', 'consumer', 'order-worker', 'ci', 'package.json', 'tsconfig.json'];

/** A copy of the sources in which breaks are switched on, one at a time. */
export type SourceCopy = {
  dir: string;
  /** Throws where a text is not found exactly once. Returns what undoes it. */
  apply(mutant: Mutant): () => void;
};

/** `folder` is below .local. */
export function copySources(folder: string): SourceCopy {
  const dir = path.join(root, '.local', folder);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const name of COPIED) cpSync(path.join(root, name), path.join(dir, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
  return {
    dir,
    apply({ name, edits }) {
      const before = new Map<string, string>();
      const undo = () => {
        for (const [file, text] of before) writeFileSync(path.join(dir, file), text);
      };
      for (const { file, find, replace } of edits) {
        const target = path.join(dir, file);
        const text = readFileSync(target, 'utf8');
        const found = text.split(find).length - 1;
        if (found !== 1) {
          undo();
          throw new Error(`mutant ${name}: found ${found} times in ${file}, not once:\n${find}`);
        }
        if (!before.has(file)) before.set(file, text);
        writeFileSync(
          target,
          text.replace(find, () => replace),
        );
      }
      return undo;
    },
  };
}
