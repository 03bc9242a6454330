import { runCommand } from '../../local/set-up/run-command.mjs';
import { showStep } from '../../local/set-up/show-step.mjs';

/**
 * Fast-forwards the checkout to its upstream branch, if it has one. Never merges.
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
    console.log('· git pull … skipped: this branch has no upstream');
    return;
  }
  await showStep(`git pull from ${upstream}`, 'done', () => git('pull', '--ff-only', '--quiet'));
  console.log(`  ${(await git('log', '-1', '--format=%h %s')).trim()}`);
}
