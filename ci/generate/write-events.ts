import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { eventsDocument } from './events-document.ts';

// Writes docs/events.asyncapi.json; with --check only checks whether it is up to date.

const text = `${JSON.stringify(eventsDocument(), null, 2)}\n`;
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const target = new URL('../../docs/events.asyncapi.json', import.meta.url);
if (!values.check) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('docs/events.asyncapi.json is out of date: run npm run generate');
  process.exitCode = 1;
}
