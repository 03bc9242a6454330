import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { writeJson } from '../../command/write-json.ts';
import { runSale } from './run-sale.ts';
import { findSaleTarget } from './sale-target.ts';

const usage = `Usage: flash-sale sale [options]

Many buyers with tokens on a stock that opens at a set second: double clicks, aborted and repeated requests, payments.
Prints the result, compares it with the rows, and audits it. Uses the system of npm start. Exit code 1: an invariant was
violated, or units are left although buyers were refused; 2: wrong input.

  --buyers N       buyers (default 5000, at most 300000)
  --units N        units of the stock (default 1000)
  --rush N         seconds in which all buyers arrive, however long the answers take (default 1)
  --connections N  connections that the buyers share (default 1000; 256 where most buyers are refused)
  --url URL        address of another system; it needs DEMO=on, and its log is not audited
  --json FILE      also write the result to FILE; - is standard output
  --help           print this

Examples:
  npx flash-sale sale
  npx flash-sale sale --buyers 20000 --units 100 --rush 5
  npx flash-sale sale --url https://test-shop.example --json -`;

export const saleCommand = createCommand({
  usage,
  options: {
    buyers: { type: 'string', default: '5000' },
    units: { type: 'string', default: '1000' },
    rush: { type: 'string' },
    connections: { type: 'string' },
    url: { type: 'string' },
    json: { type: 'string' },
  },
  async run(values) {
    const options = {
      buyers: readCount('--buyers', values.buyers, 300_000),
      units: readCount('--units', values.units, 1_000_000),
      rushSeconds: values.rush === undefined ? undefined : readCount('--rush', values.rush, 600),
      connections: values.connections === undefined ? undefined : readCount('--connections', values.connections, 5000),
    };
    const { ok, result } = await runSale(findSaleTarget(values.url), options, console.log);
    writeJson(values.json, result);
    return ok ? 0 : 1;
  },
});
