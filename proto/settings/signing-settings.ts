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
