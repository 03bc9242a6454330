import { runCommand } from '../../local/set-up/run-command.mjs';
import { showStep } from '../../local/set-up/show-step.mjs';

/**
 * Brings the checkout to what its upstream branch has; says so where there is none. Never merges.
 *
 * @param {string} root
 */
export async function pullCode(root) {
  const git = (/** @type {string[]} */ ...args) => runCommand('git', args, { cwd: root });
  const upstream = await git('rev-parse', '--abbrev-ref', '--symbolic-full-name', '@{upstream}').then(
    (name) => name.trim(),
    () => undefined,
  );
  if (!upstream) {
    console.log('· git pull … left out: this branch has no upstream');
    return;
  }
  await showStep(`git pull from ${upstream}`, 'done', () => git('pull', '--ff-only', '--quiet'));
  console.log(`  ${(await git('log', '-1', '--format=%h %s')).trim()}`);
}
