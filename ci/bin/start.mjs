import { keepStdoutForJson } from '../local/set-up/keep-stdout-for-json.mjs';
import { runFront } from '../local/set-up/run-front.mjs';
import { parseStartOptions, usage } from '../start/start-options.mjs';

const args = process.argv.slice(2);
try {
  const { help, json } = parseStartOptions(args);
  keepStdoutForJson(json);
  if (help) {
    console.log(usage);
  } else {
    await runFront({ script: 'ci/start/run-system.ts', args, nginx: true, chromium: false });
  }
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exitCode = 2;
}
