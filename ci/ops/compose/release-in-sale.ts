import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../local/set-up/set-up.mjs';
import { auditSale } from '../../verify/sale/audit-sale.ts';
import { createHttpClient } from '../../verify/sale/buyers/http-client.ts';
import { requestTokens } from '../../verify/sale/buyers/open-tokens.ts';
import { findCalmRate } from '../release/find-calm-rate.ts';
import { startLoad } from '../release/load.ts';
import { sendSteadily } from '../release/send-steadily.ts';

// Few: this shows that it works, and not how fast.
const PER_SECOND = 20;
const MAX_SECONDS = 400;
const UNITS = 100_000;

/** Replaces every container with `ci/bin/deploy compose` while people buy. Rejects where a request failed or the audit found something. */
export async function releaseInSale(url: string): Promise<string> {
  const client = createHttpClient(url, 20);
  const createToken = requestTokens(client);
  const token = await createToken('release-admin', 'admin');
  const json = { name: 'A lamp', count: UNITS, priceCents: 1999 };
  const made = await client.send({ method: 'POST', path: '/api/v1/admin/stocks', token, json });
  if (made.status !== 201) throw new Error(`no stock was made: ${made.status} ${JSON.stringify(made.body)}`);
  const sid = Number(made.body.sid);
  const crowd = startLoad(url, sid, createToken);
  let load: ReturnType<typeof sendSteadily> | undefined;
  try {
    const calm = await findCalmRate(crowd, PER_SECOND, console.log);
    load = sendSteadily(calm.rate, calm.rate * MAX_SECONDS, (index) => crowd.visit(calm.sent + index));
    await deploy();
    const sent = await load.stop();
    const [example = ''] = crowd.failed;
    if (crowd.failed.length > 0) throw new Error(`${crowd.failed.length} requests failed, such as ${example}`);
    const audit = await auditSale(client, token, sid);
    if (!audit.ok) throw new Error(`the audit: ${JSON.stringify(audit)}`);
    return `none of ${sent} visits failed, ${crowd.told.length} orders`;
  } finally {
    await load?.stop();
    await Promise.all([crowd.close(), client.close()]);
  }
}

/** The image was built just now. */
function deploy(): Promise<void> {
  const script = path.join(root, 'ci', 'bin', 'deploy');
  const child = spawn(script, ['compose', '--no-pull', '--no-build'], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => console.log(`  ${line}`));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`ci/bin/deploy compose: exit code ${code}`)),
    );
  });
}
