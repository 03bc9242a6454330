import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';

t.test('the files of the boards are up to date', async (t) => {
  const file = fileURLToPath(new URL('write-boards.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [file, '--check'], { encoding: 'utf8' });
  t.equal(status, 0, stderr);
});
