/** A kind of attacker in each round. */
export type Attackers = {
  name: string;
  /** Independent attackers of this kind. */
  attackers: number;
  /** Of each attacker. */
  identities: number;
  /** Most requests of an identity. */
  requests: number;
};

/** Several, so that their win rate has a narrow interval. */
const LONERS = 5;
const FARM_REQUESTS = 20;

/** Bots with one identity and many requests, and one with many identities. */
export function listAttackers({ identities, requests }: { identities: number; requests: number }): Attackers[] {
  return [
    { name: 'one identity', attackers: LONERS, identities: 1, requests },
    {
      name: `${identities} identities`,
      attackers: 1,
      identities,
      requests: Math.min(requests, FARM_REQUESTS),
    },
  ];
}
