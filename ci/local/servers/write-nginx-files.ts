import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../set-up/set-up.mjs';
import { renderTemplate } from './render-template.ts';

export type NginxPlan = {
  port: number;
  /** host:port of each. */
  consumers: string[];
  /** Requests a second, and how many more at once, from one address. */
  addressRate: number;
  addressBurst: number;
  /** Most requests under way of one address, and most streams of each kind. None: so many that no caller meets them. */
  addressRequests?: number;
  addressStreams?: number;
  /** Most streams of stocks, of all together. */
  stockStreams?: number;
  /** Parameters of `listen` besides the port. */
  listens?: string;
  /** nginx's directives that say which proxies are trusted. */
  realIp?: string;
  /** Origins of pages that may read nginx's own answers, with commas. */
  corsOrigins?: string;
  /** False: every order reaches a consumer, also of a stock that is sold out. */
  cachesSoldOut?: boolean;
  /** Whether orders are written to ORDERS_LOG, to be counted there. */
  logsOrders?: boolean;
};

/** As many as nginx can count. */
const NO_LIMIT = 65_535;

/** In nginx's folder. */
export const ORDERS_LOG = 'orders.log';
export const NGINX_PID = 'nginx.pid';

/** Writes nginx's files into `dir`, from the templates that a container uses too. */
export function writeNginxFiles(dir: string, plan: NginxPlan): void {
  const { port, consumers, addressRate, addressBurst, cachesSoldOut = true, logsOrders = false } = plan;
  const { addressRequests = NO_LIMIT, addressStreams = NO_LIMIT, stockStreams = NO_LIMIT } = plan;
  for (const folder of ['', 'temp']) mkdirSync(path.join(dir, folder), { recursive: true });
  const values = {
    // As root the workers would become `nobody`, who may not write to our folder.
    NGINX_USER: process.getuid?.() === 0 ? 'user root;' : '',
    NGINX_LISTEN: `127.0.0.1:${port} ${plan.listens ?? ''}`,
    NGINX_CACHE: 'cache',
    SOLD_OUT_CACHE: cachesSoldOut ? 'sold_out' : 'off',
    NGINX_ACCESS_LOG: logsOrders ? `${ORDERS_LOG} orders buffer=64k flush=1s if=$is_order` : 'off',
    ADDRESS_RATE: String(addressRate),
    ADDRESS_BURST: String(addressBurst),
    ADDRESS_REQUESTS: String(addressRequests),
    ADDRESS_STREAMS: String(addressStreams),
    STOCK_STREAMS: String(stockStreams),
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
