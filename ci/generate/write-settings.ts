import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { composeSettings } from './compose-settings.ts';
import { envExample } from './env-example.ts';
import { problemsPage } from './problems-page.ts';
import { settingsPage } from './settings-page.ts';

// Writes what follows from the schemas of the settings, and docs/problems.md from its table; with --check only checks whether the files
// are up to date.

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
for (const [file, text] of [
  ['docs/settings.md', settingsPage()],
  ['.env.example', envExample()],
  ['ci/ops/compose/settings.yaml', composeSettings()],
  ['docs/problems.md', problemsPage()],
] as const) {
  const target = new URL(`../../${file}`, import.meta.url);
  if (!values.check) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(`${file} is out of date: run npm run generate`);
    process.exitCode = 1;
  }
}
