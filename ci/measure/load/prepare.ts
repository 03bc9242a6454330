import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { createTokens, requestTokens, signTokens } from '../../verify/sale/buyers/create-tokens.ts';
import { createHttpClient } from '../../verify/sale/buyers/http-client.ts';
import { createSaleStock } from '../../verify/sale/create-sale-stock.ts';
import type { SaleTarget } from '../../verify/sale/run-sale.ts';
import { findSaleTarget } from '../../verify/sale/sale-target.ts';

const usage = `Usage: node ci/measure/load/prepare.ts [options]

Creates an open stock and a file with one token per buyer and line, for the plans for k6 and JMeter. Uses the system of npm start.
Prints settings as shell variables: url, sid, tokens. Exit code 2: wrong input.

  --buyers N     buyers (default 20000, at most 1000000); the plans use each buyer once
  --units N      units of the stock (default 1000)
  --url URL      address of another system; it needs DEMO=on
  --tokens FILE  the file (default .local/load/tokens); its tokens are valid for an hour
  --help         print this`;

async function prepare({ url, jwt }: SaleTarget, buyers: number, units: number, file: string): Promise<void> {
  const client = createHttpClient(url);
  try {
    const run = randomBytes(4).toString('hex');
    const createToken = jwt ? signTokens(jwt) : requestTokens(client);
    const tokens = await createTokens(buyers, (index) => createToken(`load-${run}-${index}`, 'buyer'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${tokens.join('\n')}\n`, { mode: 0o600 });
    const adminToken = await createToken(`load-${run}-admin`, 'admin');
    const sid = await createSaleStock(client, adminToken, { name: `Load ${run}`, count: units });
    console.log(`url=${url}\nsid=${sid}\ntokens=${file}`);
  } finally {
    await client.close();
  }
}

const prepareCommand = createCommand({
  usage,
  options: {
    buyers: { type: 'string', default: '20000' },
    units: { type: 'string', default: '1000' },
    url: { type: 'string' },
    tokens: { type: 'string', default: path.join(root, '.local', 'load', 'tokens') },
  },
  async run(values) {
    const buyers = readCount('--buyers', values.buyers, 1_000_000);
    const units = readCount('--units', values.units, 1_000_000);
    await prepare(findSaleTarget(values.url), buyers, units, path.resolve(values.tokens));
    return 0;
  },
});

process.exitCode = await prepareCommand(process.argv.slice(2));
