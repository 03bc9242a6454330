import { globSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../local/set-up/set-up.mjs';

/**
 * Replaces each folder in tap's arguments by its test files. tap itself would run every file of the folder, also `npm stop` and
 * `npm start`.
 */
export function findTestFiles(args: string[]): string[] {
  return args.flatMap((arg) => {
    if (arg.startsWith('-')) return [arg];
    const file = path.resolve(root, arg);
    if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      if (!arg.endsWith('.test.ts')) throw new Error(`${arg} is neither a folder nor a *.test.ts file`);
      return [arg];
    }
    const found = globSync('**/*.test.ts', { cwd: file, exclude: (name) => name.includes('node_modules') });
    if (found.length === 0) throw new Error(`no *.test.ts in ${arg}`);
    return found.map((name) => path.join(arg, name));
  });
}
