import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { paymentServiceDescription } from '../../proto/payments/http/payment-service-description.ts';

// Writes docs/payment-service.openapi.json; with --check only checks whether it is up to date.

const text = `${JSON.stringify(paymentServiceDescription, null, 2)}\n`;
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const target = new URL('../../docs/payment-service.openapi.json', import.meta.url);
if (!values.check) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('docs/payment-service.openapi.json is out of date: run npm run generate');
  process.exitCode = 1;
}
