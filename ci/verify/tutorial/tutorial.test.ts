import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { testSecrets } from '../../testing/clients/create-token.ts';
import { auditStock } from '../../testing/orders/audit-stock.ts';
import { openPage, startBrowser } from '../../testing/pages/browser.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// The shop of docs/tutorial, in a browser, with a whole system.

const folder = path.join(root, 'docs', 'tutorial', 'shop');
const files = globSync('*', { cwd: folder });

t.test('the shop is small', async (t) => {
  const lines = files.map((file) => readFileSync(path.join(folder, file), 'utf8').split('\n').length - 1);
  const sum = lines.reduce((total, count) => total + count, 0);
  t.ok(sum <= 310, `${sum} lines`);
});

t.test('the tutorial names the files of the shop, and its settings', async (t) => {
  const text = readFileSync(path.join(folder, '..', 'README.md'), 'utf8');
  for (const file of files) t.ok(text.includes(`(shop/${file})`), file);
  const used = files.flatMap(
    (file) => readFileSync(path.join(folder, file), 'utf8').match(/\b[A-Z]+_(URL|SECRET)\b/g) ?? [],
  );
  for (const name of new Set(used)) t.match(text, new RegExp(`^${name}=`, 'm'));
});

/** Runs a file of the shop in a folder of its own. */
function runShop(t: Test, cwd: string, file: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [path.join(cwd, file)], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill());
  const printed = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed.text += chunk;
    });
  }
  const waitFor = (line: RegExp) =>
    waitUntil(
      String(line),
      () => {
        if (!line.test(printed.text)) throw new Error(printed.text);
      },
      { limitMs: 15_000 },
    );
  return { child, waitFor };
}

const LAMPS = 2;

type Parcel = { type: string; buyer: string; quantity: number };

async function readParcels(shopUrl: string): Promise<Parcel[]> {
  const { parcels } = (await (await fetch(`${shopUrl}/parcels`)).json()) as { parcels: Parcel[] };
  return parcels;
}

t.test('100 lamps are sold and paid, and their parcels are known', async (t) => {
  t.setTimeout(180_000);
  const [port = 0] = await findFreePorts(1);
  const SHOP_URL = `http://127.0.0.1:${port}`;
  const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
  const shop = await startTestShop(t, {
    GATEWAY: 'http',
    GATEWAY_URL: SHOP_URL,
    WEBHOOK_SECRET,
    WEBHOOK_ADDRESSES: 'any',
    CORS_ORIGINS: SHOP_URL,
    MAX_PER_ORDER: '10',
    ORDER_DETAILS: 'on',
  });
  const env = { JWT_SECRET: testSecrets.JWT_SECRET, WEBHOOK_SECRET, SHOP_URL, SALE_URL: shop.url };
  const cwd = t.testdir({});
  for (const file of files) copyFileSync(path.join(folder, file), path.join(cwd, file));

  const opening = runShop(t, cwd, 'open-sale.mjs', env);
  const [code] = await once(opening.child, 'exit');
  t.equal(code, 0);
  await opening.waitFor(/100 lamps are on sale/);
  const server = runShop(t, cwd, 'shop.mjs', env);
  await server.waitFor(/The shop is at/);

  const { page, complaints } = await openPage(t, await startBrowser(t));
  await page.goto(SHOP_URL);
  await page.getByPlaceholder('Your name').fill('ann');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('100 left').waitFor();
  await page.getByRole('spinbutton').fill(String(LAMPS));
  await page.getByRole('button', { name: 'Buy' }).click();
  await page.getByText('please pay').waitFor();
  await page.getByText(`${100 - LAMPS} left`).waitFor();
  await page.reload();
  await page.getByText(`${LAMPS} reserved`).waitFor();
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.getByRole('button', { name: `Pay ${(19.99 * LAMPS).toFixed(2)} EUR` }).click();
  await page.getByText('Paid. Thank you!').waitFor();
  t.same(complaints(/favicon/), []);

  await server.waitFor(/order\.paid/);
  const parcels = await readParcels(SHOP_URL);
  t.match(parcels, [{ type: 'order.paid', buyer: 'ann' }]);
  t.equal(parcels.length, 1);
  const forged = await fetch(`${SHOP_URL}/webhooks`, { method: 'POST', body: '{"type":"order.paid","data":{}}' });
  t.equal(forged.status, 401);

  const customers = runShop(t, cwd, 'customers.mjs', env);
  t.same(await once(customers.child, 'exit'), [0, null]);
  await customers.waitFor(new RegExp(`{ confirmed: ${100 - LAMPS}, sold_out: ${200 + LAMPS} }`));
  await waitUntil(
    '100 lamps in the parcels',
    async () => {
      const lamps = (await readParcels(SHOP_URL)).reduce((sum, { quantity }) => sum + quantity, 0);
      if (lamps !== 100) throw new Error(`${lamps}`);
    },
    { limitMs: 30_000 },
  );

  const books = JSON.parse(readFileSync(path.join(cwd, 'books.json'), 'utf8'));
  t.match(await auditStock(shop.servers.mysql, Number(books.sid)), { sale: 100, states: { paid: 101 - LAMPS } });
  const reconcile = spawn(process.execPath, [path.join(root, 'ci', 'bin', 'reconcile.ts')], {
    env: { NODE_ENV: 'test', MYSQL_URL: shop.servers.mysqlUrl, GATEWAY: 'http', GATEWAY_URL: SHOP_URL, WEBHOOK_SECRET },
  });
  let text = '';
  reconcile.stdout.on('data', (chunk) => {
    text += chunk;
  });
  t.same(await once(reconcile, 'close'), [0, null], text);
  t.match(text, /Payments in doubt: 0; changed: 0; for a person: 0/);
});
