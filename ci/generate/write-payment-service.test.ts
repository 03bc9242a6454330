import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';

t.test('docs/payment-service.openapi.json is up to date', async (t) => {
  const file = fileURLToPath(new URL('write-payment-service.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [file, '--check'], { encoding: 'utf8' });
  t.equal(status, 0, stderr);
});

t.test('it is valid OpenAPI 3.1', async (t) => {
  const text = readFileSync(new URL('../../docs/payment-service.openapi.json', import.meta.url), 'utf8');
  t.same(await new Validator().validate(JSON.parse(text)), { valid: true });
  t.match(JSON.parse(text), { openapi: /^3\.1/ });
});
