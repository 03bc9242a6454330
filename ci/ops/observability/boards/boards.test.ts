import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { waitUntil } from '../../../command/wait-until.ts';
import { findFreePorts } from '../../../local/ports/find-free-ports.ts';
import { findProgram } from '../../../local/set-up/find-program.mjs';
import { callApi } from '../../../testing/clients/call-api.ts';
import { bearer } from '../../../testing/clients/create-token.ts';
import { createTestStock } from '../../../testing/orders/create-test-stock.ts';
import { waitForLog } from '../../../testing/orders/wait-for-log.ts';
import { createTestServers } from '../../../testing/servers/create-test-servers.ts';
import { startTestPrometheus } from '../../../testing/servers/start-test-prometheus.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../../testing/servers/start-test-system.ts';

/** Panels without values in a calm sale, with the reason. */
const EMPTY_WHEN_CALM: Record<string, string> = {
  'Errors by route': 'needs a fault',
  'Failed calls': 'needs a fault',
  Retries: 'needs a fault',
  'nginx: requests': 'needs the exporter of nginx',
  'nginx: connections': 'needs the exporter of nginx',
  Entries: 'needs a draw',
  'Time of a step': 'needs a draw',
};

type Target = { expr: string };
type BoardFile = { panels: { type: string; title: string; targets?: Target[] }[] };
type Query = { board: string; panel: string; expr: string };

const FOLDER = new URL('json/', import.meta.url);

const queries: Query[] = readdirSync(FOLDER).flatMap((board) => {
  const { panels } = JSON.parse(readFileSync(new URL(board, FOLDER), 'utf8')) as BoardFile;
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      board,
      panel: title,
      expr: expr.replaceAll('$__rate_interval', '15s').replaceAll('$__range', '10m'),
    })),
  );
});

const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
const skip = findProgram('prometheus') ? false : 'prometheus is not installed (package prometheus)';

t.test('every query of every board answers during a real sale', { skip }, async (t) => {
  const servers = await createTestServers(t);
  const { mysql } = servers;
  const [consumer = 0, provider = 0, worker = 0] = await findFreePorts(3);
  const providerPort = await startTestProvider(t, servers, { METRICS_PORT: String(provider) });
  await startTestWorker(t, servers, { METRICS_PORT: String(worker) });
  const settings = { METRICS_PORT: String(consumer), WEBHOOK_SECRET };
  const url = await startTestConsumer(t, servers, [providerPort], settings);
  await waitForLog(t, servers, providerPort);
  const prometheus = await startTestPrometheus(t, { consumer, provider, 'order-worker': worker });
  const sid = await createTestStock(mysql, { count: 1000, priceCents: 1999, currency: 'EUR' });

  /** A buyer who buys and pays. */
  async function sellOne(): Promise<void> {
    const headers = bearer(randomUUID());
    await callApi(url, `/api/v1/stocks/${sid}`);
    const { body: order } = await callApi(url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', headers });
    const path = `/api/v1/orders/${order.orderNo}/payments`;
    const { status, body: payment } = await callApi(url, path, { method: 'POST', headers });
    if (status !== 201) return;
    const at = new Date();
    const id = randomUUID();
    const data = { paymentId: payment.paymentId, orderNo: order.orderNo, amountCents: 1999, currency: 'EUR' };
    const body = JSON.stringify({ type: 'payment.succeeded', timestamp: at.toISOString(), data });
    await callApi(url, '/api/v1/payments/webhook', {
      method: 'POST',
      body,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(WEBHOOK_SECRET).sign(id, at, body),
      },
    });
  }

  const expected = queries.filter(({ panel }) => !EMPTY_WHEN_CALM[panel]);
  t.ok(expected.length > 60, `${expected.length} queries`);
  let left = expected;
  await waitUntil(
    'every query to have a value',
    async () => {
      await sellOne();
      const answers = await Promise.all(left.map(({ expr }) => prometheus.query(expr)));
      // NaN: a share or quantile of nothing.
      left = left.filter((_, i) => !answers[i]?.some(({ value }) => Number.isFinite(value)));
      if (left.length > 0) throw new Error(left.map(({ panel, expr }) => `${panel}: ${expr}`).join('\n'));
    },
    { limitMs: 60_000 },
  );
  for (const { panel, expr } of queries.filter(({ panel }) => EMPTY_WHEN_CALM[panel])) {
    t.ok(Array.isArray(await prometheus.query(expr)), `${panel}: ${EMPTY_WHEN_CALM[panel]}`);
  }

  const countRows = async () => {
    const [[row]] = await mysql.raw("SELECT COUNT(*) AS sold FROM stock_order WHERE sid = ? AND state = 'paid'", [sid]);
    return Number(row.sold);
  };
  await waitUntil(
    'Prometheus to have the paid orders of the database',
    async () => {
      const [paid] = await prometheus.query('sum(flashsale_payment_outcomes_total{outcome="paid"})');
      if (paid?.value !== (await countRows())) throw new Error(`${paid?.value} instead of ${await countRows()}`);
    },
    { limitMs: 60_000 },
  );
  t.ok((await countRows()) > 0);
});
