import cors from '@fastify/cors';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';

const SHOWN_TO_PAGES = [
  'etag',
  'link',
  'location',
  'preference-applied',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];
const PREFLIGHT_SECONDS = 600;
/** What the event loop was late with is looked at once a second, and what it did until it listened is in the first look. */
const START_SEEN_UNTIL_MS = 2000;

/** What stands before every call of the API: pages of other origins, and the event loop. */
export async function guardApi(app: FastifyInstance, config: ConsumerConfig): Promise<void> {
  if (config.CORS_ORIGINS !== '') {
    await app.register(cors, {
      // As browsers write them: in small letters, without the port that goes without saying.
      origin: config.CORS_ORIGINS.split(',').map((text) => new URL(text).origin),
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
      allowedHeaders: [
        'authorization',
        'cache-control',
        'content-type',
        'idempotency-attempt',
        'idempotency-key',
        'if-none-match',
        'last-event-id',
        'prefer',
        'x-request-id',
      ],
      exposedHeaders: SHOWN_TO_PAGES,
      maxAge: PREFLIGHT_SECONDS,
      strictPreflight: false,
    });
  }
  if (config.EVENT_LOOP_DELAY_MS > 0) {
    let fromMs = Number.POSITIVE_INFINITY;
    app.addHook('onListen', async () => {
      fromMs = performance.now() + START_SEEN_UNTIL_MS;
    });
    await app.register(underPressure, {
      maxEventLoopDelay: config.EVENT_LOOP_DELAY_MS,
      // A process that has just started was late with its own start, for which nobody is turned away.
      pressureHandler() {
        if (performance.now() >= fromMs) throw new Problem('busy');
      },
    });
  }
}
