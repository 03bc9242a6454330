import { Type } from 'typebox';
import { parseSecretKeys, type SecretKey } from './secret-keys.ts';

const list = (purpose: string) =>
  Type.String({
    default: '',
    description: `${purpose}, at least 32 characters; several with commas, the current one first`,
  });

/** Providers sign order records; order-workers and the audit verify them. */
export const recordKeySettings = {
  ORDER_RECORD_KEY: list('Needed. Secret that records of the order log are signed with'),
};

/** Order-workers sign decisions; consumers verify them. */
export const decisionKeySettings = {
  DECISION_KEY: list('Needed. Secret that decisions for consumers are signed with'),
};

/** The key that signs, and all that verify. Throws where the text has none. */
export function readSigningKeys(text: string): { current: SecretKey; all: SecretKey[] } {
  const all = parseSecretKeys(text);
  const [current] = all;
  if (!current) throw new Error('there is no signing key');
  return { current, all };
}
