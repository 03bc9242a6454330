/** What the bots of one kind got in one round. */
export type BotsResult = {
  name: string;
  attackers: number;
  identities: number;
  requests: number;
  /** Units. */
  won: number;
  /** CPU time of proof of work. */
  workCpuMs: number;
};

/** One stock, sold once. The same place in `people` is the same person in every round. */
export type RoundResult = {
  units: number;
  people: { arrivedMs: number; won: boolean }[];
  bots: BotsResult[];
};
