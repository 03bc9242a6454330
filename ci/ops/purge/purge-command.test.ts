import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { auditStock } from '../../testing/orders/audit-stock.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { sellUnits } from '../../testing/orders/sell-units.ts';
import { createTestDatabase } from '../../testing/servers/test-database.ts';

const { mysql, purgeUrl: url, url: processUrl } = await createTestDatabase(t);

type Ended = { code: number; stdout: string; stderr: string };
const purge = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const file = path.join(import.meta.dirname, '../../bin/purge.ts');
    execFile(process.execPath, [file, ...args], { env: { ...env } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });

t.test('it prints what it deleted, also as JSON', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await sellUnits(mysql, sid, ['a', 'b', 'c']);
  await mysql.raw('UPDATE stock SET closes_at = NOW(3) - INTERVAL 40 DAY WHERE id = ?', [sid]);
  await mysql.raw('UPDATE stock_order SET create_time = create_time - INTERVAL 9 DAY');
  t.match(await purge([], { MYSQL_PURGE_URL: url, MYSQL_URL: processUrl }), {
    code: 0,
    stdout: /^0 refused orders and 0 published events older than 30/,
  });
  const json = path.join(t.testdir(), 'result.json');
  const ended = await purge(['--keep-days', '8', '--batch', '1', '--json', json], { MYSQL_URL: url });
  t.match(ended, {
    code: 0,
    stdout: /^2 refused orders and 0 published events older than 8 days, and 0 kept answers deleted in/,
  });
  t.match(JSON.parse(readFileSync(json, 'utf8')), { keepDays: 8, orders: 2, events: 0, requests: 0, stopped: false });
  t.same((await auditStock(mysql, sid)).states, { awaiting_payment: 1 });
});

for (const [what, args, env, text] of [
  ['less than the log’s retention', ['--keep-days', '7'], {}, /7 days are fewer than 8.*decided again/],
  ['the same from the environment', [], { KEEP_REFUSALS_FOR: '1' }, /1 days are fewer than 8/],
  ['not a number', ['--keep-days', 'x'], {}, /KEEP_REFUSALS_FOR/],
  ['an empty batch', ['--batch', '0'], {}, /--batch takes a whole number/],
  ['an unknown option', ['--all'], {}, /--all/],
] as const) {
  t.test(`${what} is refused, and nothing is deleted`, async (t) => {
    t.match(await purge([...args], { MYSQL_URL: url, ...env }), { code: 2, stdout: '', stderr: text });
  });
}

t.test('an unreachable server is reported in one line', async (t) => {
  const { code, stderr } = await purge([], { MYSQL_URL: 'mysql://x:y@127.0.0.1:1/none' });
  t.equal(code, 1);
  t.match(stderr, /^✗ .*ECONNREFUSED.*\n$/);
});

t.test('--help prints the usage', async (t) => {
  t.match(await purge(['--help']), { code: 0, stdout: /^Usage: flash-sale purge/ });
});
