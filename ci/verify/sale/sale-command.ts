import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readCount } from '../../command/read-count.ts';
import { findSystem } from '../../local/system/find-system.ts';
import { localSaleTarget } from './local-sale-target.ts';
import { runSale, type SaleTarget } from './run-sale.ts';

const usage = `Usage: npm run sale -- [options]

A crowd of buyers with tokens and a stock that opens at a set second: double clicks, requests that are given up and
repeated, payments. Prints what came of it, compares it with the rows, and audits it. Uses the system that npm start
runs. Exit code 1 where a promise was broken, or units are left although buyers were refused.

  --buyers N       buyers (default 5000, at most 300000)
  --units N        units of the stock (default 1000)
  --rush N         seconds in which they all come, whatever the answers take (default 1)
  --connections N  connections that they share (default 1000; 256 where most are refused, whose answers come at once)
  --url URL        another system's address; it needs DEMO=on, and its log is not audited
  --json FILE      also write the result to FILE
  --help           print this`;

function readTarget(url: string | undefined): SaleTarget {
  if (url !== undefined) {
    const { protocol, origin } = new URL(url);
    if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`--url takes an http address, not '${url}'`);
    return { url: origin };
  }
  const system = findSystem();
  if (!system) throw new Error('Nothing runs: npm start in another terminal, or give --url');
  return localSaleTarget(system);
}

try {
  const { values } = parseArgs({
    options: {
      buyers: { type: 'string', default: '5000' },
      units: { type: 'string', default: '1000' },
      rush: { type: 'string' },
      connections: { type: 'string' },
      url: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
  } else {
    const options = {
      buyers: readCount('--buyers', values.buyers, 300_000),
      units: readCount('--units', values.units, 1_000_000),
      rushSeconds: values.rush === undefined ? undefined : readCount('--rush', values.rush, 600),
      connections: values.connections === undefined ? undefined : readCount('--connections', values.connections, 5000),
    };
    const { ok, result } = await runSale(readTarget(values.url), options, console.log);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
    process.exitCode = ok ? 0 : 1;
  }
} catch (error) {
  const mistyped = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistyped ? `${(error as Error).message}\n\n${usage}` : `✗ ${(error as Error).message}`);
  process.exitCode = 2;
}
