import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../set-up/set-up.mjs';
import { renderTemplate } from './render-template.ts';

export type NginxPlan = {
  port: number;
  /** host:port of each. */
  consumers: string[];
  /** Requests a second from one address, and the burst above. */
  addressRate: number;
  addressBurst: number;
  /** Maximum requests in flight and maximum streams of each kind from one address; by default no limit. */
  addressRequests?: number;
  addressStreams?: number;
  /** Maximum orders in flight from one address; by default no limit. */
  addressOrders?: number;
  /** Maximum streams of stocks in total; by default no limit. */
  stockStreams?: number;
  /** Maximum orders in flight in total; by default no limit. */
  ordersInFlight?: number;
  /** More parameters of `listen`. */
  listens?: string;
  /** Directives for trusted proxies. */
  realIp?: string;
  /** False: only the payment gateway and administrators reach a consumer. */
  admitsBuyers?: boolean;
  /** Origins of pages that may read answers of nginx itself, separated by commas. */
  corsOrigins?: string;
  /** False: orders of a sold-out stock reach a consumer too. */
  cachesSoldOut?: boolean;
  /** Whether orders are written to ORDERS_LOG, where they are counted. */
  logsOrders?: boolean;
};

/** The maximum of nginx. */
const NO_LIMIT = 65_535;

/** Names in the folder of nginx. */
export const ORDERS_LOG = 'orders.log';
export const NGINX_PID = 'nginx.pid';

/** Writes the files of nginx to `dir`, from the templates that containers use too. */
export function writeNginxFiles(dir: string, plan: NginxPlan): void {
  const { port, consumers, addressRate, addressBurst, cachesSoldOut = true, logsOrders = false } = plan;
  const {
    addressRequests = NO_LIMIT,
    addressStreams = NO_LIMIT,
    stockStreams = NO_LIMIT,
    ordersInFlight = NO_LIMIT,
    addressOrders = NO_LIMIT,
  } = plan;
  for (const folder of ['', 'temp']) mkdirSync(path.join(dir, folder), { recursive: true });
  const values = {
    // As root the workers would become `nobody`, which cannot write to the folder.
    NGINX_USER: process.getuid?.() === 0 ? 'user root;' : '',
    NGINX_LISTEN: `127.0.0.1:${port} ${plan.listens ?? ''}`,
    NGINX_CACHE: 'cache',
    SOLD_OUT_CACHE: cachesSoldOut ? 'sold_out' : 'off',
    NGINX_ACCESS_LOG: logsOrders ? `${ORDERS_LOG} orders buffer=64k flush=1s if=$is_order` : 'off',
    ADDRESS_RATE: String(addressRate),
    ADDRESS_BURST: String(addressBurst),
    ADDRESS_REQUESTS: String(addressRequests),
    ADDRESS_STREAMS: String(addressStreams),
    ADDRESS_ORDERS: String(addressOrders),
    STOCK_STREAMS: String(stockStreams),
    ORDERS_IN_FLIGHT: String(ordersInFlight),
    BUYERS: plan.admitsBuyers === false ? 'closed' : 'open',
    NGINX_REAL_IP: plan.realIp ?? '',
    CORS_ORIGINS: plan.corsOrigins ?? '',
    CONSUMER_SERVERS: serverLines(consumers, 'max_fails=2 fail_timeout=1s'),
    LAST_RESORT_SERVERS: serverLines(consumers, 'backup max_fails=0'),
  };
  for (const name of ['nginx.conf', 'upstream.conf', 'flash-sale.conf']) {
    const source = name === 'flash-sale.conf' ? name : `local-${name}`;
    const template = readFileSync(path.join(root, 'nginx', `${source}.template`), 'utf8');
    writeFileSync(path.join(dir, name), renderTemplate(template, values));
  }
}

function serverLines(addresses: string[], parameters: string): string {
  return addresses.map((address) => `server ${address} ${parameters};`).join('\n  ');
}
