import { parseArgs } from 'node:util';

// Plain JavaScript: what it parses for is to bring the packages first.

export const usage = `Usage: ci/bin/deploy local|compose [consumer|provider|order-worker] [options]

Brings the newest code to a system that runs, without a buyer noticing: git pull, packages, migrations, and then one replica
after the other, or those of one application only: not ready, drained, replaced, healthy, the next. A replica that does not
become healthy stops the roll (exit code 1); the others still serve with the old code.

  local      what npm start runs here. npm start itself, nginx and the servers stay as they are.
  compose    what docker compose runs from this folder; builds the image first.

  --no-pull     deploy what is checked out
  --no-build    compose: use the image that is there
  --dir DIR     local: the system that was started in DIR (default .local)
  --help        print this

Migrations that old code could not live with (drop, rename, narrow, …) are refused: docs/releases.md.`;

/** @typedef {'consumer' | 'provider' | 'order-worker'} App */
/** @typedef {{ target: 'local' | 'compose', app: App | undefined, pull: boolean, build: boolean, dir: string, help: boolean }} DeployOptions */

const apps = ['consumer', 'provider', 'order-worker'];

/**
 * @param {string[]} args
 * @returns {DeployOptions}
 * @throws {Error} with a message for the user
 */
export function parseDeployOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'no-pull': { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      dir: { type: 'string', default: '.local' },
      help: { type: 'boolean', default: false },
    },
  });
  const [target = '', app, ...more] = positionals;
  const { help, dir } = values;
  const build = !values['no-build'];
  if (!help) {
    if (target !== 'local' && target !== 'compose')
      throw new Error(target ? `local or compose can be deployed to, not '${target}'` : 'local or compose?');
    if (app !== undefined && !apps.includes(app)) throw new Error(`'${app}' is none of ${apps.join(', ')}`);
    if (more.length > 0) throw new Error(`one application at a time, or all: '${more[0]}' is too much`);
    if (target === 'local' && !build) throw new Error('--no-build is for compose: local runs the code as it is');
    if (target === 'compose' && dir !== '.local') throw new Error('--dir is for local');
  }
  return {
    target: target === 'compose' ? target : 'local',
    app: /** @type {App | undefined} */ (app),
    pull: !values['no-pull'],
    build,
    dir,
    help,
  };
}
