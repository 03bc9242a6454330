import cors from '@fastify/cors';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { EXPOSED_HEADERS, parseOrigins } from './cross-origin-headers.ts';

const PREFLIGHT_SECONDS = 600;
/** The delay is measured once a second, and the first measurement includes the start of the process. */
const IGNORED_AFTER_START_MS = 2000;

/** Adds CORS, and answers with 503 while the event loop is delayed. */
export async function guardApi(app: FastifyInstance, config: ConsumerConfig): Promise<void> {
  if (config.CORS_ORIGINS !== '') {
    await app.register(cors, {
      origin: parseOrigins(config.CORS_ORIGINS),
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
      allowedHeaders: [
        'admission-token',
        'authorization',
        'cache-control',
        'content-type',
        'idempotency-attempt',
        'idempotency-key',
        'if-match',
        'if-none-match',
        'last-event-id',
        'prefer',
        'x-request-id',
      ],
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: PREFLIGHT_SECONDS,
      strictPreflight: false,
    });
  }
  if (config.EVENT_LOOP_DELAY_MS > 0) {
    let fromMs = Number.POSITIVE_INFINITY;
    app.addHook('onListen', async () => {
      fromMs = performance.now() + IGNORED_AFTER_START_MS;
    });
    await app.register(underPressure, {
      maxEventLoopDelay: config.EVENT_LOOP_DELAY_MS,
      // The delay of the start itself refuses no requests.
      pressureHandler() {
        if (performance.now() >= fromMs) throw new Problem('busy');
      },
    });
  }
}
