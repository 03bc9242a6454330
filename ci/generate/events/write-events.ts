import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { eventsDocument } from './events-document.ts';
import { eventsPage } from './events-page.ts';

// Writes docs/events.asyncapi.json and docs/events.md; with --check only checks whether they are up to date.

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
write('docs/events.asyncapi.json', `${JSON.stringify(eventsDocument(), null, 2)}\n`);
write('docs/events.md', eventsPage());

function write(path: string, text: string): void {
  const target = new URL(`../../../${path}`, import.meta.url);
  if (!values.check) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(`${path} is out of date: run npm run generate`);
    process.exitCode = 1;
  }
}
