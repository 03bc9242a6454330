import { strategies } from '../ladder/strategies.ts';
import type { BenchSystem } from './bench-system.ts';

/** The stocks that the scenarios sell. */
export type BenchStocks = { plenty: number; none: number; ladder: Map<string, number> };

export type Scenario = {
  name: string;
  shows: string;
  method: 'GET' | 'POST';
  url(system: BenchSystem): string;
  path(stocks: BenchStocks): string;
  /** Whether each request is by another buyer, who has a token. */
  hasBuyers: boolean;
  /** Nothing is sold, so the same buyers may come in each round. */
  isFree?: boolean;
  headers?: string[];
  /** The status that counts; undefined: every answer. */
  status?: '201' | '202' | '410';
};

const orders = (sid: number) => `/api/v1/stocks/${sid}/orders`;
const buyers = { method: 'POST', hasBuyers: true } as const;
const nginx = ({ url }: BenchSystem) => url;

/** What the others are compared with. */
export const bare: Scenario = {
  ...buyers,
  name: 'bare',
  shows: 'bare Fastify, the same token verified',
  url: ({ bareUrl }) => bareUrl,
  path: ({ plenty }) => orders(plenty),
};

export const confirmed: Scenario = {
  ...buyers,
  name: 'confirmed',
  shows: '201: a committed row each',
  url: nginx,
  path: ({ plenty }) => orders(plenty),
  status: '201',
};

export const scenarios: Scenario[] = [
  confirmed,
  {
    ...buyers,
    name: 'accepted',
    shows: '202 as soon as the log has it',
    url: nginx,
    path: ({ plenty }) => orders(plenty),
    headers: ['Prefer: respond-async'],
    status: '202',
  },
  {
    ...buyers,
    name: 'soldOut',
    shows: '410 out of nginx’s cache',
    url: nginx,
    path: ({ none }) => orders(none),
    isFree: true,
  },
  {
    ...buyers,
    name: 'soldOutUncached',
    shows: '410 by the consumers',
    url: ({ uncachedUrl }) => uncachedUrl,
    path: ({ none }) => orders(none),
    isFree: true,
    status: '410',
  },
  {
    name: 'reads',
    shows: 'GET /stocks/{sid}',
    method: 'GET',
    url: nginx,
    path: ({ plenty }) => `/api/v1/stocks/${plenty}`,
    hasBuyers: false,
  },
];

/** The six classic ways, with units to spare. */
export const strategyScenarios: Scenario[] = strategies.map(({ rung, path, shows }) => ({
  name: rung,
  shows,
  method: 'POST',
  url: nginx,
  path: ({ ladder }) => `/${path}/${ladder.get(rung)}`,
  hasBuyers: false,
}));
