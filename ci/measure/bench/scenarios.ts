import { strategies } from '../ladder/strategies.ts';
import type { BenchSystem } from './bench-system.ts';

/** The stocks that the scenarios sell. */
export type BenchStocks = { plenty: number; none: number; entries: number; ladder: Map<string, number> };

export const SCENARIO_NAMES = [
  'bare',
  'confirmed',
  'accepted',
  'soldOut',
  'soldOutUncached',
  'reads',
  'entries',
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

export type Scenario<Name extends string = string> = {
  name: Name;
  method: 'GET' | 'POST';
  url(system: BenchSystem): string;
  path(stocks: BenchStocks): string;
  /** Whether each request is sent by another buyer, with a token. */
  hasBuyers: boolean;
  /** Nothing is sold, so each round can use the same buyers. */
  isFree?: boolean;
  headers?: string[];
  /** The expected status; undefined: any status. */
  status?: '201' | '202' | '410';
};

const nginx = ({ url }: BenchSystem) => url;
const ordersPath = (sid: number) => `/api/v1/stocks/${sid}/orders`;
const order = { method: 'POST', hasBuyers: true, url: nginx } as const;
const orderPlenty = { ...order, path: ({ plenty }: BenchStocks) => ordersPath(plenty) };
const orderNone = { ...order, path: ({ none }: BenchStocks) => ordersPath(none), isFree: true };

/** Bare Fastify that verifies the same token: the base of all ratios. */
export const bare: Scenario<ScenarioName> = { ...orderPlenty, name: 'bare', url: ({ bareUrl }) => bareUrl };

/** One committed row per response. */
export const confirmed: Scenario<ScenarioName> = { ...orderPlenty, name: 'confirmed', status: '201' };

export const scenarios: Scenario<ScenarioName>[] = [
  confirmed,
  // Responds as soon as the log has acknowledged the order.
  { ...orderPlenty, name: 'accepted', headers: ['Prefer: respond-async'], status: '202' },
  // From nginx's cache.
  { ...orderNone, name: 'soldOut' },
  // From the consumers.
  { ...orderNone, name: 'soldOutUncached', url: ({ uncachedUrl }) => uncachedUrl, status: '410' },
  // One committed row per response, as `confirmed`.
  { ...order, name: 'entries', path: ({ entries }) => `/api/v1/stocks/${entries}/entry`, status: '201' },
  { name: 'reads', method: 'GET', url: nginx, path: ({ plenty }) => `/api/v1/stocks/${plenty}`, hasBuyers: false },
];

/** The six strategies of the ladder, on stocks with more units than are ordered. */
export const strategyScenarios: Scenario[] = strategies.map(({ name, path }) => ({
  name,
  method: 'POST',
  url: nginx,
  path: ({ ladder }) => `/${path}/${ladder.get(name)}`,
  hasBuyers: false,
}));
