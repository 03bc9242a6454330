import { type Static, Type } from 'typebox';
import { redisSettings } from '../../db/redis/redis-settings.ts';
import { cooldownSettings } from '../../proto/settings/cooldown-settings.ts';
import { deadlineSettings, deadlines } from '../../proto/settings/deadlines.ts';
import { grpcClientSettings } from '../../proto/settings/grpc-tls.ts';
import { drainSettings, processSettings } from '../../proto/settings/read-settings.ts';
import { decisionKeySettings } from '../../proto/settings/signing-settings.ts';
import { warmUpSettings } from '../../proto/settings/warm-up-settings.ts';
import { traceSettings } from '../../proto/traces/trace-settings.ts';
import { admissionSettings } from './admission-settings.ts';
import { buySettings } from './buy-settings.ts';
import { callSettings } from './call-settings.ts';
import { eventSettings } from './event-settings.ts';
import { identitySettings } from './identity-settings.ts';
import { paymentSettings } from './payment-settings.ts';

export const settingsSchema = Type.Object({
  ...processSettings,
  ...drainSettings,
  ...warmUpSettings,
  ...traceSettings,
  ...buySettings,
  ...cooldownSettings,
  ...callSettings,
  ...admissionSettings,
  ...identitySettings,
  ...paymentSettings,
  ...eventSettings,
  ...decisionKeySettings,
  CONSUMER_PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 3000, description: 'HTTP port', unit: 'port' }),
  CONSUMER_HOST: Type.String({ default: '127.0.0.1', description: 'Address that the HTTP server listens on' }),
  ALLOWED_HOSTS: Type.String({
    default: '',
    pattern: '^([A-Za-z0-9.:_-]+|\\[[0-9A-Fa-f:.]+\\])?(,([A-Za-z0-9.:_-]+|\\[[0-9A-Fa-f:.]+\\]))*$',
    description: 'Allowed host names of the header Host, without port, comma-separated; others get 400. Empty: all',
  }),
  TRUST_PROXY: Type.String({
    default: '127.0.0.1',
    description: 'Addresses of the nginx in front, comma-separated; only their X-Forwarded-For is trusted',
  }),
  PROVIDERS: Type.String({
    default: '127.0.0.1:50051',
    minLength: 1,
    description: 'Providers: comma-separated IPv4 addresses host:port, or one name:port that resolves to all of them',
  }),
  ...grpcClientSettings,
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
    description: 'Maximum number of orders in one call to a provider',
  }),
  PLACE_CALLS: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 2,
    description: 'Maximum number of such calls in flight',
  }),
  PLACE_WAITING: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20_000,
    description: 'Maximum number of orders that wait for such a call; further ones get 503',
  }),
  PROVIDER_TOKEN: Type.String({
    default: '',
    pattern: '^[!-~]*$',
    description:
      'Shared secrets of the providers, comma-separated; the first is sent. Empty: none is sent, which NODE_ENV=production refuses',
  }),
  CORS_ORIGINS: Type.String({
    default: '',
    pattern: '^(https?://[^,/]+(,https?://[^,/]+)*)?$',
    description:
      'Origins of web pages that may call the API, such as https://shop.example, comma-separated. Empty: none',
  }),
  PICTURE_ORIGINS: Type.String({
    default: '',
    pattern: '^(https://[^,/]+(,https://[^,/]+)*)?$',
    description:
      'Origins of the pictures of stocks, such as https://pictures.example, comma-separated; our pages load pictures from them. Empty: no pictures',
  }),
  TRACE_URL: Type.String({
    default: '',
    pattern: '^(https?://[^ ]*\\{traceId\\}[^ ]*)?$',
    description:
      'Page of a trace for administrators, such as http://127.0.0.1:16686/trace/{traceId}; {traceId} is replaced. Empty: no link',
  }),
  EVENT_LOOP_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 1000,
    description: 'Event loop delay above which requests get 503; 0: never',
    unit: 'ms',
  }),
  LADDER: Type.Enum(['on', 'off'], {
    default: 'off',
    description: 'Enables the six strategies of the ladder; NODE_ENV=production refuses on',
  }),
  LADDER_LIMIT: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 5,
    description: "Requests per stock that the ladder's limiter allows",
    unit: '1/s',
  }),
  LADDER_LIMIT_STATUS: Type.Integer({
    minimum: 200,
    maximum: 599,
    default: 200,
    description: 'HTTP status of requests that the ladder’s limiter refuses',
  }),
});

export type ConsumerConfig = Static<typeof settingsSchema>;
