import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';
import type { LiveView } from '../../../consumer/admin/live/describe-live.ts';

export type LiveFigures = {
  /** Counts an order's answer for the next second. */
  answered(status: number): void;
  /** Overrides fields of the following events. */
  override(more: Partial<LiveView>): void;
  /** Sends an experiment event. */
  experiment(data: unknown): void;
  /** Ends all streams and refuses new ones until `open`. */
  cut(): void;
  open(): void;
  /** Redirects this page's GET /admin/live to these figures. */
  serve(page: Page): Promise<void>;
};

/**
 * GET /admin/live with chosen figures: silent processes, a log lag, a lost connection. Sends the answers that the test has counted once a
 * second.
 */
export async function playLiveFigures(t: Test): Promise<LiveFigures> {
  const streams = new Set<http.ServerResponse>();
  let counted = new Map<number, number>();
  let more: Partial<LiveView> = {};
  let isCut = false;
  const send = (event: string, data: unknown) => {
    for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const server = http.createServer((_request, response) => {
    if (isCut) return void response.socket?.destroy();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    streams.add(response);
    response.once('close', () => streams.delete(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const timer = setInterval(() => {
    send('live', { ...figuresOf(counted), ...more });
    counted = new Map();
  }, 1000);
  const cut = () => {
    for (const stream of streams) stream.destroy();
  };
  t.teardown(() => {
    clearInterval(timer);
    cut();
    server.close();
  });
  return {
    answered: (status) => void counted.set(status, (counted.get(status) ?? 0) + 1),
    override(fields) {
      more = fields;
    },
    experiment: (data) => send('experiment', data),
    cut() {
      isCut = true;
      cut();
    },
    open() {
      isCut = false;
    },
    async serve(page) {
      const path = '/api/v1/admin/live';
      await page.route(`**${path}`, (route) => route.continue({ url: `http://127.0.0.1:${port}${path}` }));
    },
  };
}

function figuresOf(counted: Map<number, number>): LiveView {
  const of = (status: number) => counted.get(status) ?? 0;
  const requests = [...counted.values()].reduce((sum, n) => sum + n, 0);
  const quiet = { memoryMb: 90, cpu: 0.1, ageMs: 300 };
  return {
    at: new Date().toISOString(),
    processes: [
      { ...quiet, name: 'nginx', kind: 'nginx', eventLoopMs: null, partitions: null },
      { ...quiet, name: 'consumer-1', kind: 'consumer', eventLoopMs: 1.4, partitions: null },
      { ...quiet, name: 'provider-1', kind: 'provider', eventLoopMs: 1.1, partitions: null },
      { ...quiet, name: 'order-worker-1', kind: 'order-worker', eventLoopMs: 0.9, partitions: [0, 1, 2, 3] },
    ],
    perSecond: {
      requests,
      confirmed: of(201),
      created: of(201),
      duplicate: of(200),
      refused: of(410),
      limited: of(429),
      pending: of(202),
      notOpen: of(409),
      busy: of(503),
      errors: of(500),
      other: of(404),
    },
    turnedAway: { nginxLimit: 0, nginxCache: 0, limiter: of(429), soldOut: of(410), log: 0 },
    decisionMs: requests > 0 ? { p50: 12, p90: 31, p99: 74, count: requests } : null,
    waiting: 0,
    undecided: 0,
    listeners: 1,
    committedPerSecond: of(201),
    lag: { total: 0, byPartition: { 0: 0, 1: 0, 2: 0, 3: 0, 4: 0 } },
  };
}
