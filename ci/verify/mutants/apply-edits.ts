import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findCode, findDeclarations, findWords, parseCode } from './find-code.ts';
import type { Edit } from './rules/mutant.ts';

const SOURCES = '{proto,db,provider,consumer,order-worker}/**/*.ts';
const NOT_EDITED = /\.test\.ts$|(^|\/)(gen|pages)\//;

/** The product's source texts, by path below `dir`. */
export function readSources(dir: string): Map<string, string> {
  const files = globSync(SOURCES, { cwd: dir }).filter((file) => !NOT_EDITED.test(file));
  return new Map(files.map((file) => [file, readFileSync(path.join(dir, file), 'utf8')]));
}

/** Returns the texts of the changed files. Throws unless every edit applies exactly once. */
export function applyEdits(sources: Map<string, string>, edits: Edit[]): Map<string, string> {
  const changed = new Map<string, string>();
  for (const edit of edits) {
    const found = [...sources].flatMap(([file, text]) => applyInFile(file, changed.get(file) ?? text, edit));
    const [only] = found;
    if (!only || found.length > 1) {
      throw new Error(`found ${found.length} times in ${edit.in}, expected once: ${edit.find}`);
    }
    parseCode(only.text);
    changed.set(only.file, only.text);
  }
  return changed;
}

/** The text of the file after the edit, once for each place where the edit applies. */
function applyInFile(file: string, text: string, edit: Edit): { file: string; text: string }[] {
  if (!new RegExp(`\\b(function|const) ${edit.in}\\b`).test(text)) return [];
  const find = edit.language === 'sql' ? findWords : findCode;
  return findDeclarations(text, edit.in)
    .flatMap((declaration) => find(text, declaration, edit))
    .map(({ start, end, replacement }) => ({
      file,
      text: `${text.slice(0, start)}${replacement}${text.slice(end)}`,
    }));
}
