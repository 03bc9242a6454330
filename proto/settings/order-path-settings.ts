import { Type } from 'typebox';
import { kafkaSecuritySettings } from './kafka-security.ts';

/** Whether orders may have what earlier releases cannot read. It must have the same value in consumers and providers. */
export const orderDetailsSettings = {
  ORDER_DETAILS: Type.Enum(['on', 'off'], {
    default: 'off',
    description:
      'on: orders may have several units, a reference and metadata. Only when all processes run a release that knows them (docs/how-to/upgrade.md)',
  }),
};

/** Settings of the processes that decide orders. They must have the same values in all of them. */
export const orderPathSettings = {
  KAFKA_BROKERS: Type.String({ minLength: 1, description: 'host:port of the brokers, separated by commas' }),
  ...kafkaSecuritySettings,
  TOPIC_PREFIX: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9._-]{0,100}$',
    description: 'Prefix of all topic names',
  }),
  PAY_WITHIN: Type.Integer({
    minimum: 1,
    maximum: 604_800,
    default: 900,
    description: 'Time to pay a confirmed order',
    unit: 's',
  }),
};

/** Order-workers make offers; providers say how many people a line reaches. */
export const offerSettings = {
  OFFER_WITHIN: Type.Integer({
    minimum: 1,
    maximum: 604_800,
    default: 900,
    description: 'Time to pay an offer of a draw or a line, before the unit goes to the next place',
    unit: 's',
  }),
};
