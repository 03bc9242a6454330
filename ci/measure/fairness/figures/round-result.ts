/** What the bots of one kind got in one round. */
export type BotsResult = {
  name: string;
  attackers: number;
  identities: number;
  /** Identities that sent something, of all attackers. */
  used: number;
  requests: number;
  /** Units. */
  won: number;
  /** CPU time of proof of work. */
  workCpuMs: number;
};

export type PersonResult = {
  arrivedMs: number;
  won: boolean;
  /** Came after the draw. */
  isLate?: boolean;
  /** Sent requests to enter, and none was taken. */
  hasNoEntry?: boolean;
};

/** One stock, sold once. The same place in `people` is the same person in every round. */
export type RoundResult = {
  units: number;
  people: PersonResult[];
  bots: BotsResult[];
};
