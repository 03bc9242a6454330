import type { TokenMaker } from '../../../verify/sale/buyers/create-tokens.ts';
import type { HttpClient } from '../../../verify/sale/buyers/http-client.ts';
import type { Random } from '../../../verify/simulate/world/seeded-random.ts';
import type { Attackers } from '../buyers/attackers.ts';
import type { Person } from '../buyers/plan-people.ts';

export type FairnessOptions = {
  /** Stocks, each sold once. */
  rounds: number;
  /** Of each stock. */
  units: number;
  people: number;
  /** Of the attacker with many. */
  identities: number;
  /** Most requests of an identity of a bot in a round. */
  requests: number;
  seed: number;
};

/** What the buyers of a mode need. People and bots have connections of their own. */
export type ModeContext = {
  people: HttpClient;
  bots: HttpClient;
  options: FairnessOptions;
  persons: Person[];
  /** Of each person. */
  tokens: string[];
  attackers: Attackers[];
  adminToken: string;
  createToken: TokenMaker;
  random: Random;
  print(line: string): void;
};
