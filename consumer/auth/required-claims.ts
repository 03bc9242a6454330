import { createClaimReader } from './claim-reader.ts';

/** Returns the first requirement that the claims do not meet, such as `account_age_days>=30`; null: they meet all. `list`: REQUIRED_CLAIMS. */
export function createClaimCheck(list: string): (claims: object) => string | null {
  const required = list
    .split(',')
    .filter(Boolean)
    .map((text) => {
      const [name = '', least] = text.split('>=');
      return { text, read: createClaimReader(name), least: least === undefined ? null : Number(least) };
    });
  return (claims) => {
    const missing = required.find(({ read, least }) => {
      const value = read(claims);
      return least === null ? !isTrue(value) : !(typeof value === 'number' && value >= least);
    });
    return missing?.text ?? null;
  };
}

/** Some identity providers write booleans as texts. */
export function isTrue(claim: unknown): boolean {
  return Boolean(claim) && claim !== 'false' && claim !== '0';
}
