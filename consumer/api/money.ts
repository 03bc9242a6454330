import { Type } from 'typebox';
import { invalidField, type Problem } from '../http/problem.ts';

/** An amount as the API says it: a whole number in the currency's smallest unit. */
export type Money = { amount: number; currency: string };

export function money(amount: number, currency: string): Money {
  return { amount, currency };
}

export const MAX_AMOUNT = 1_000_000_000_000;

const currency = (more: { format?: string } = {}) =>
  Type.String({ description: 'ISO 4217', examples: ['EUR'], ...more });

export const moneySchema = (description: string) =>
  Type.Object(
    {
      amount: Type.Integer({ description: 'In the currency’s smallest unit', examples: [1999] }),
      currency: currency(),
    },
    { description },
  );

/** Money in the body of a request. */
export const moneyBody = (description: string, maximum = MAX_AMOUNT) =>
  Type.Object(
    {
      amount: Type.Integer({ minimum: 0, maximum, description: 'In the currency’s smallest unit', examples: [1999] }),
      currency: currency({ format: 'iso-4217' }),
    },
    { additionalProperties: false, description },
  );

/** The answer to money of another currency than the stock's. */
export function otherCurrency(field: string, currency: string): Problem {
  return invalidField(`${field}.currency`, `must be ${currency}, the currency of the stock`);
}
