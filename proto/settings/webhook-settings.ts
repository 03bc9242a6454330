import { Type } from 'typebox';

/** Providers create endpoints of webhooks; order-workers call them. */
export const webhookSettings = {
  WEBHOOK_KEY: Type.String({
    default: '',
    description:
      'Secret that encrypts the secrets of webhook endpoints in the database: at least 32 characters. Several are separated by commas, the current one first. Empty: no endpoint can be made',
  }),
  WEBHOOK_ADDRESSES: Type.Enum(['public', 'any'], {
    default: 'public',
    description:
      'public: webhooks go by https to public addresses only. any: also by http, and to private addresses such as 127.0.0.1 and 10.0.0.0/8',
  }),
};
