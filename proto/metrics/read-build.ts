import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** The version and the commit of the code; commit is empty if it is not known. Images have a file `commit`, checkouts a folder `.git`. */
export function readBuild(): [version: string, commit: string] {
  const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
  return [version, readText('commit') || readGitCommit()];
}

function readGitCommit(): string {
  const head = readText('.git/HEAD');
  return head.startsWith('ref: ') ? readText(`.git/${head.slice('ref: '.length)}`) : head;
}

function readText(path: string): string {
  try {
    return readFileSync(new URL(path, ROOT), 'utf8').trim();
  } catch {
    return '';
  }
}
