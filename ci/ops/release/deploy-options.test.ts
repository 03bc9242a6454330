import { spawnSync } from 'node:child_process';
import path from 'node:path';
import t from 'tap';
import { root } from '../../local/set-up/set-up.mjs';
import { parseDeployOptions } from './deploy-options.mjs';

t.test('valid options', async (t) => {
  t.same(parseDeployOptions(['local']), {
    target: 'local',
    app: undefined,
    pull: true,
    build: true,
    dir: '.local',
    help: false,
  });
  t.match(parseDeployOptions(['compose', 'consumer', '--no-build', '--no-pull']), {
    target: 'compose',
    app: 'consumer',
    pull: false,
    build: false,
  });
});

t.test('invalid options have a clear error', async (t) => {
  for (const [args, message] of [
    [[], /must be local or compose/],
    [['moon'], /not 'moon'/],
    [['local', 'nginx'], /unknown application 'nginx'/],
    [['local', 'consumer', 'provider'], /one application or all/],
    [['local', '--no-build'], /requires compose/],
    [['compose', '--dir', 'x'], /requires local/],
    [['local', '--now'], /--now/],
  ] as const)
    t.throws(() => parseDeployOptions([...args]), { message });
});

t.test('the command prints its usage and its errors', async (t) => {
  const deploy = (...args: string[]) =>
    spawnSync(path.join(root, 'ci', 'bin', 'deploy'), args, { encoding: 'utf8', cwd: t.testdir(), timeout: 60_000 });
  t.match(deploy('--help'), { status: 0, stdout: /^Usage: flash-sale deploy/ });
  t.match(deploy('moon'), { status: 2, stderr: /not 'moon'[\s\S]*Usage:/ });
  t.match(deploy('local', '--no-pull', '--dir', 'nowhere'), { status: 1, stderr: /^✗ no system is running/ });
});
