import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { UsageError } from '../../command/usage-error.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { findSystem } from '../../local/system/find-system.ts';
import { requestAll, requestTokens, signTokens } from '../../verify/sale/buyers/open-tokens.ts';
import { createSaleClient } from '../../verify/sale/buyers/sale-client.ts';
import { createSaleStock } from '../../verify/sale/create-sale-stock.ts';
import { localSaleTarget } from '../../verify/sale/local-sale-target.ts';
import type { SaleTarget } from '../../verify/sale/run-sale.ts';

const usage = `Usage: node ci/measure/load/prepare.ts [options]

Makes a stock that is open at once, and writes a file with a token for each buyer, one a line: what the plans for k6 and
JMeter need. Uses the system that npm start runs. Prints the settings as lines for a shell: url, sid, tokens.

  --buyers N     buyers (default 20000, at most 1000000); each plan takes a new one for each order
  --units N      units of the stock (default 1000)
  --url URL      another system's address; it needs DEMO=on
  --tokens FILE  where to write (default .local/load/tokens); whoever has the file can buy for an hour
  --help         print this`;

function readTarget(url: string | undefined): SaleTarget {
  if (url !== undefined) return { url: new URL(url).origin };
  const system = findSystem();
  if (!system) throw new UsageError('no system is running: run npm start in another terminal, or give --url');
  return localSaleTarget(system);
}

async function prepare({ url, jwt }: SaleTarget, buyers: number, units: number, file: string): Promise<void> {
  const client = createSaleClient(url);
  try {
    const run = randomBytes(4).toString('hex');
    const createToken = jwt ? signTokens(jwt) : requestTokens(client);
    const tokens = await requestAll(buyers, (index) => createToken(`load-${run}-${index}`, 'buyer'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${tokens.join('\n')}\n`, { mode: 0o600 });
    const sid = await createSaleStock(client, await createToken(`load-${run}-admin`, 'admin'), `Load ${run}`, units);
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
    await prepare(readTarget(values.url), buyers, units, path.resolve(values.tokens));
    return 0;
  },
});

process.exitCode = await prepareCommand(process.argv.slice(2));
