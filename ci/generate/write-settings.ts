import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { settingsSchema as consumer } from '../../consumer/settings/settings-schema.ts';
import { settingsSchema as worker } from '../../order-worker/config.ts';
import { settingsSchema as provider } from '../../provider/config.ts';
import { settingsSchema as start } from '../local/config.ts';
import { settingsSchema as experiments } from '../measure/experiments/config.ts';
import { settingsSchema as purge } from '../ops/purge/config.ts';
import { problemsPage } from './problems-page.ts';

// Writes docs/settings.md and .env.example from the schemas, and docs/problems.md from its table; with --check only checks whether they
// are up to date.

type Setting = { type?: string; default?: unknown; enum?: unknown[]; minimum?: number; maximum?: number } & {
  description?: string;
  unit?: string;
};
type Schema = { properties: Record<string, unknown>; required?: string[] };

const processes: Record<string, Schema> = {
  'npm start': start,
  consumer,
  provider,
  'order-worker': worker,
  'experiments (ci/measure/experiments/run-experiments.ts)': experiments,
  'npm run purge': purge,
};

function allowed({ enum: values, minimum, maximum }: Setting): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  return minimum === undefined ? '' : `${minimum} to ${maximum}`;
}

function defaultOf(setting: Setting): string {
  if (setting.default === undefined) return '**required**';
  return setting.default === '' ? '(empty)' : `\`${setting.default}\``;
}

function settingsPage(): string {
  const sections = Object.entries(processes).map(([name, { properties }]) => {
    const rows = Object.entries(properties).map(([key, value]) => {
      const setting = value as Setting;
      return `| \`${key}\` | ${defaultOf(setting)} | ${setting.unit ?? ''} | ${allowed(setting)} | ${setting.description} |`;
    });
    return `## ${name}\n\n| name | default | unit | allowed | meaning |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Settings

Set them as environment variables, or as lines of the file \`.env\` in the folder of package.json. \`NAME_FILE\` names a file with the value
of \`NAME\` in one line, such as a mounted secret. With an invalid value a process ends and prints one line that names it.
\`npm run generate\` writes this page and \`.env.example\` from the \`config.ts\` of each process.

${sections.join('\n')}`;
}

function envExample(): string {
  const known = new Map<string, { setting: Setting; users: string[] }>();
  for (const [name, { properties }] of Object.entries(processes)) {
    for (const [key, value] of Object.entries(properties)) {
      const entry = known.get(key) ?? { setting: value as Setting, users: [] };
      entry.users.push(name);
      known.set(key, entry);
    }
  }
  const lines = [...known].map(([key, { setting, users }]) => {
    const unit = setting.unit ? ` [${setting.unit}]` : '';
    return `# ${setting.description}${unit} (${users.join(', ')})\n#${key}=${setting.default ?? ''}\n`;
  });
  return `# Copy this file to .env and uncomment the settings that you change. All settings and their limits: docs/settings.md\n\n${lines.join('\n')}`;
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
for (const [file, text] of [
  ['docs/settings.md', settingsPage()],
  ['.env.example', envExample()],
  ['docs/problems.md', problemsPage()],
] as const) {
  const target = new URL(`../../${file}`, import.meta.url);
  if (!values.check) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(`${file} is out of date: run npm run generate`);
    process.exitCode = 1;
  }
}
