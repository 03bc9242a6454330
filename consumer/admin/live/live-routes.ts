import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import type { Metrics } from '../../../proto/metrics/metrics.ts';
import { bearerSecurity, nullable, problemResponses, streamResponseOf, time } from '../../api/api-schemas.ts';
import type { Identify } from '../../auth/identify.ts';
import { encodeEvent, type Stream, startEventHub } from '../../http/event-hub.ts';
import type { ConsumerConfig } from '../../settings/settings-schema.ts';
import { subscribeExperiments } from '../experiments/subscribe-experiments.ts';
import type { LiveWatch } from './live-watch.ts';

const MAX_WATCHERS = 100;

export type LiveRoutesOptions = {
  config: ConsumerConfig;
  logger: Logger;
  identify: Identify;
  live: LiveWatch;
  metrics: Metrics;
};

/** GET /admin/live: live figures of the whole system, as server-sent events. */
export function liveRoutes({ config, logger, identify, live, metrics }: LiveRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    // A hub of its own, so that streams of buyers leave room for administrators.
    const hub = startEventHub({ maxStreams: MAX_WATCHERS, onDropped: metrics.listenerDropped });
    const streams = new Set<Stream>();
    const subscriber = config.LADDER === 'on' ? connectRedis(config, logger) : null;
    if (subscriber) {
      subscribeExperiments(subscriber, subscriber.names.experimentsChannel, (experiment) => {
        const event = encodeEvent('experiment', experiment.experimentId, experiment);
        for (const stream of streams) stream.send(event);
      });
    }
    app.addHook('preClose', async () => {
      hub.close();
      live.close();
      subscriber?.destroy();
    });

    const route = { config: { isStream: true }, exposeHeadRoute: false, schema, onRequest: identify.adminOnly };
    api.get('/admin/live', route, async (request, reply) => {
      const { buyer, untilMs } = request.identity;
      let leave: (() => void) | undefined;
      const reader = { name: `admin ${buyer}`, maxStreams: config.EVENT_LISTENERS_PER_BUYER, untilMs };
      const stream = hub.open(reply, reader, () => {
        streams.delete(stream);
        leave?.();
      });
      streams.add(stream);
      leave = live.join(stream.send);
    });
  };
}

const rates = <Names extends string>(names: Record<Names, string>) =>
  Type.Object(
    Object.fromEntries(
      Object.entries<string>(names).map(([name, description]) => [name, Type.Number({ description })]),
    ),
    { description: 'Per second' },
  );

/** The data of an event `live`. */
export const liveSchema = Type.Object(
  {
    at: time('Time of the figures'),
    processes: Type.Array(
      Type.Object({
        name: Type.String({ examples: ['consumer-1'] }),
        kind: Type.String({ enum: ['consumer', 'provider', 'order-worker', 'nginx'] }),
        ageMs: Type.Integer({
          description: 'Time since its last report; above 3 s it does not count in rates, above 10 s it is not listed',
        }),
        cpu: Type.Number({ description: 'Share of one core' }),
        memoryMb: Type.Number(),
        eventLoopMs: nullable(Type.Number({ description: 'Event loop delay, 99th percentile of the last second' })),
        partitions: Type.Unsafe<number[] | null>({
          type: ['array', 'null'],
          items: { type: 'integer' },
          description: 'Partitions of an order-worker',
        }),
      }),
    ),
    perSecond: rates({
      requests: 'Order requests: of nginx, or of the consumers without nginx reports',
      confirmed: 'Orders decided as `CONFIRMED`, each counted once',
      created: '201, repeats included. This and the following add up to `requests`',
      duplicate: '200',
      refused: '410, by consumers and from nginx’s cache',
      limited: '429, by consumers and nginx',
      pending: '202',
      notOpen: '409 and 403: not open yet, paused, closed, above a limit, or not allowed',
      busy: '503',
      errors: 'Other 5xx and 4xx',
      other: '401, 404, 499 (client disconnected), and all other statuses',
    }),
    turnedAway: rates({
      nginxLimit: '429 by nginx',
      nginxCache: '410 from nginx’s cache',
      limiter: '429 by the consumers',
      soldOut: '410 by the consumers, before a decision',
      log: '410 by the consumers, after a decision',
    }),
    decisionMs: Type.Unsafe<object | null>({
      type: ['object', 'null'],
      description:
        'Response time of orders that were answered with their decision in the last 10 s; estimated from buckets',
      properties: Object.fromEntries(['p50', 'p90', 'p99', 'count'].map((name) => [name, { type: 'number' }])),
    }),
    waiting: Type.Integer({ description: 'Requests that wait for a decision' }),
    undecided: Type.Integer({ description: 'Pending orders of the consumers' }),
    listeners: Type.Integer({ description: 'Open event streams of buyers' }),
    lag: Type.Object({
      total: Type.Integer({ description: 'Records of the log that are not decided yet' }),
      byPartition: Type.Record(Type.String(), Type.Integer()),
    }),
    committedPerSecond: Type.Number({ description: 'First decisions of orders, with the log and without it' }),
  },
  { $id: 'Live', description: 'Live figures of the system: the data of an event `live` of `GET /admin/live`' },
);

const schema = {
  operationId: 'watchSystem',
  summary: 'Stream live figures',
  description:
    'Events named `live`, one at once and then one per second, each a `Live`. All processes publish their counts once a second; a lost report affects these figures only. With `LADDER=on` also events named `experiment`, each an `Experiment` in progress.',
  tags: ['admin'],
  security: bearerSecurity,
  response: { 200: streamResponseOf({ $ref: 'Live#' }, { $ref: 'Experiment#' }), ...problemResponses('forbidden') },
};
