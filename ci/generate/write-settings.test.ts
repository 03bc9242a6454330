import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';

t.test('docs/settings.md, docs/problems.md and .env.example are up to date', async (t) => {
  const script = fileURLToPath(new URL('write-settings.ts', import.meta.url));
  await t.resolves(promisify(execFile)(process.execPath, [script, '--check']));
});
