import { startLoad } from '../releases/load.ts';
import { deploy, releaseUnderLoad } from '../releases/release-under-load.ts';
import { auditSale } from '../sale/audit-sale.ts';
import { requestTokens } from '../sale/buyers/create-tokens.ts';
import { createHttpClient } from '../sale/buyers/http-client.ts';
import { createSaleStock } from '../sale/create-sale-stock.ts';

// Few: this tests the release and not its speed.
const PER_SECOND = 20;
const UNITS = 100_000;

/** Replaces every container with `ci/bin/deploy compose` during a sale. Rejects if a request or the audit failed. */
export async function releaseInSale(url: string): Promise<string> {
  const client = createHttpClient(url, 20);
  const createToken = requestTokens(client);
  const token = await createToken('release-admin', 'admin');
  const sid = await createSaleStock(client, token, { name: 'A lamp', count: UNITS });
  const load = startLoad(url, sid, createToken);
  try {
    // The image is new.
    const sent = await releaseUnderLoad(load, PER_SECOND, () => deploy(['compose', '--no-pull', '--no-build']));
    const { failed, orders } = load;
    if (failed.length > 0) throw new Error(`${failed.length} requests failed, for example ${failed[0]}`);
    const audit = await auditSale(client, token, sid);
    if (!audit.ok) throw new Error(`audit failed: ${JSON.stringify(audit)}`);
    return `none of ${sent} visits failed, ${orders.length} orders`;
  } finally {
    await Promise.all([load.close(), client.close()]);
  }
}
