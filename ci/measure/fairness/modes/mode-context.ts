import type { TokenMaker } from '../../../verify/sale/buyers/create-tokens.ts';
import type { HttpClient } from '../../../verify/sale/buyers/http-client.ts';
import type { Random } from '../../../verify/simulate/world/seeded-random.ts';
import type { Attackers } from '../buyers/attackers.ts';
import type { Person } from '../buyers/plan-people.ts';

export type FairnessOptions = {
  /** Stocks of this mode, each sold once. */
  rounds: number;
  /** Stocks of a draw or a line to which only people come. */
  equalRounds: number;
  /** Of each stock. */
  units: number;
  people: number;
  /** Of the attacker with many. */
  identities: number;
  /** Most requests of an identity of a bot in a round. */
  requests: number;
  /** What an attacker has for proofs of work for each stock, at the default difficulty. */
  botCpuSeconds: number;
  seed: number;
};

/** `key` signs admission tokens. `scale`: how many times the default difficulty is that of this system. */
export type AdmissionPlan = { key: string; scale: number };

/** What the buyers of a mode need. People and bots have connections of their own. */
export type ModeContext = {
  people: HttpClient;
  bots: HttpClient;
  options: FairnessOptions;
  persons: Person[];
  /** Of each person. */
  names: string[];
  tokens: string[];
  attackers: Attackers[];
  adminToken: string;
  createToken: TokenMaker;
  /** Undefined: orders need no admission. */
  admission: AdmissionPlan | undefined;
  random: Random;
  print(line: string): void;
};
