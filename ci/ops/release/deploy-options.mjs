import { parseArgs } from 'node:util';

// JavaScript, because it runs before the packages are installed.

export const usage = `Usage: flash-sale deploy local|compose [consumer|provider|order-worker] [options]

Releases the newest code to a running system without downtime: git pull, packages, migrations, then one replica after the other,
of all applications or of one. Each replica is drained, replaced, and must become healthy before the next. Otherwise the release
stops (exit code 1), and the remaining replicas serve with the old code.

  local      the system of npm start; npm start itself, nginx and the servers are not replaced
  compose    the system of docker compose in this folder; builds the image first

  --no-pull     deploy the current checkout
  --no-build    compose: use the existing image
  --dir DIR     local: the system in DIR (default .local)
  --help        print this

Migrations that break the running code (drop, rename, narrow, …) are refused: docs/releases.md.

Examples:
  npx flash-sale deploy local
  npx flash-sale deploy compose consumer --no-pull`;

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
      throw new Error(`the target must be local or compose, not '${target}'`);
    if (app !== undefined && !apps.includes(app))
      throw new Error(`unknown application '${app}': use one of ${apps.join(', ')}`);
    if (more.length > 0) throw new Error(`deploy one application or all, not also '${more[0]}'`);
    if (target === 'local' && !build) throw new Error('--no-build requires compose');
    if (target === 'compose' && dir !== '.local') throw new Error('--dir requires local');
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
