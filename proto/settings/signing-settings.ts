import { Type } from 'typebox';

const list = (purpose: string) =>
  Type.String({
    default: '',
    description: `${purpose}: at least 32 characters. Several are separated by commas, the current one first`,
  });

/** Providers sign order records; order-workers and the audit verify them. */
export const recordKeySettings = {
  ORDER_RECORD_KEY: list('Required. Secret that signs the records of the order log'),
};

/** Order-workers sign decisions; consumers verify them. */
export const decisionKeySettings = {
  DECISION_KEY: list('Required. Secret that signs the decisions for consumers'),
};

/** Providers sign the tickets of entries; order-workers sign the statements of draws. */
export const drawKeySettings = {
  DRAW_KEY: Type.String({
    default: '',
    pattern: '^([0-9a-f]{64})?$',
    description:
      'Secret of the shop’s Ed25519 key, which signs tickets and statements: 64 hexadecimal characters, the same for providers and order-workers. Draws need it',
  }),
};
