import { type Static, Type } from 'typebox';
import { redisSettings } from '../../db/redis/redis-settings.ts';
import { deadlineSettings, deadlines } from '../../proto/settings/deadlines.ts';
import { drainSettings, processSettings } from '../../proto/settings/read-settings.ts';
import { decisionKeySettings } from '../../proto/settings/signing-settings.ts';
import { buySettings } from './buy-settings.ts';
import { callSettings } from './call-settings.ts';
import { eventSettings } from './event-settings.ts';
import { identitySettings } from './identity-settings.ts';
import { paymentSettings } from './payment-settings.ts';

export const settingsSchema = Type.Object({
  ...processSettings,
  ...drainSettings,
  ...buySettings,
  ...callSettings,
  ...identitySettings,
  ...paymentSettings,
  ...eventSettings,
  ...decisionKeySettings,
  CONSUMER_PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 3000, description: 'HTTP port', unit: 'port' }),
  CONSUMER_HOST: Type.String({ default: '127.0.0.1', description: 'Address that the HTTP server listens on' }),
  ALLOWED_HOSTS: Type.String({
    default: '',
    pattern: '^([A-Za-z0-9.:_-]+|\\[[0-9A-Fa-f:.]+\\])?(,([A-Za-z0-9.:_-]+|\\[[0-9A-Fa-f:.]+\\]))*$',
    description:
      'Names of the header Host that are answered, without port and with commas; others get 400. Empty: every name',
  }),
  TRUST_PROXY: Type.String({
    default: '127.0.0.1',
    description: 'Addresses of the nginx in front, with commas; only they may say who the client is',
  }),
  PROVIDERS: Type.String({
    default: '127.0.0.1:50051',
    minLength: 1,
    description: 'Providers: IPv4 addresses host:port with commas, or one name:port whose addresses are all used',
  }),
  ...redisSettings,
  CALL_DEADLINE_MS: Type.Integer({
    minimum: 100,
    maximum: 4999,
    default: deadlines.CALL_DEADLINE_MS.ms,
    description:
      'Maximum wait for a provider; longer than its stock read, two appends and direct decision, and below the 5 s of nginx',
    unit: 'ms',
  }),
  ...deadlineSettings,
  PLACE_BATCH: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 500,
    description: 'Most orders sent to a provider in one call',
  }),
  PLACE_CALLS: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 2,
    description: 'Most such calls under way at once',
  }),
  PLACE_WAITING: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20_000,
    description: 'Most orders waiting for such a call; further ones are refused for now',
  }),
  PROVIDER_TOKEN: Type.String({
    default: '',
    pattern: '^[!-~]*$',
    description:
      'Secrets that the providers ask for, with commas; the first is sent. Empty: none is sent, which NODE_ENV=production refuses',
  }),
  CORS_ORIGINS: Type.String({
    default: '',
    pattern: '^(https?://[^,/]+(,https?://[^,/]+)*)?$',
    description: 'Origins of web pages that may call the API, such as https://shop.example, with commas; empty: none',
  }),
  EVENT_LOOP_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 1000,
    description: 'Event loop delay from which requests are answered with 503; 0: never',
    unit: 'ms',
  }),
  LADDER: Type.Enum(['on', 'off'], {
    default: 'off',
    description: 'Whether the six ways of the ladder can be called; NODE_ENV=production refuses on',
  }),
  LADDER_LIMIT: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 5,
    description: "Requests that the ladder's limiter lets through for one stock",
    unit: '1/s',
  }),
  LADDER_LIMIT_STATUS: Type.Integer({
    minimum: 200,
    maximum: 599,
    default: 200,
    description: 'HTTP status of a request that it refuses (the classic answers 200)',
  }),
});

export type ConsumerConfig = Static<typeof settingsSchema>;
