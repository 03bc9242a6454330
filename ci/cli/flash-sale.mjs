#!/usr/bin/env node
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isNode24, runOnNode24, runProgram } from '../local/set-up/run-on-node-24.mjs';
import { root } from '../local/set-up/set-up.mjs';
import { commandList, findNearest, usage } from './command-list.mjs';

const WRONG_INPUT = 2;

/**
 * TypeScript needs Node 24: on an older one it runs on the Node of the packages.
 *
 * @param {string} file
 * @param {string[]} args
 */
async function runCommand(file, args) {
  const script = path.join(root, file);
  const extension = path.extname(file);
  if (extension === '') {
    process.exitCode = await runProgram(script, args);
  } else if (extension === '.ts' && !isNode24()) {
    process.exitCode = await runOnNode24(root, file, args);
  } else {
    process.argv = [process.execPath, script, ...args];
    await import(pathToFileURL(script).href);
  }
}

const [name = 'help', ...args] = process.argv.slice(2);
const command = commandList.find((listed) => listed.name === name);
if (command) {
  try {
    await runCommand(command.file, args);
  } catch (error) {
    const { code, message } = /** @type {Error & { code?: string }} */ (error);
    const hint =
      code === 'ERR_MODULE_NOT_FOUND'
        ? '\n\nInstall the packages with npm ci, or run npx flash-sale start, which does.'
        : '';
    console.error(`✗ ${message}${hint}`);
    process.exitCode = 1;
  }
} else if (['help', '--help', '-h'].includes(name)) {
  const asked = commandList.find((listed) => listed.name === args[0]);
  if (asked) await runCommand(asked.file, ['--help']);
  else console.log(usage);
} else {
  console.error(
    `✗ unknown command '${name}': did you mean ${findNearest(name)}?\n\nflash-sale help lists the commands.`,
  );
  process.exitCode = WRONG_INPUT;
}
