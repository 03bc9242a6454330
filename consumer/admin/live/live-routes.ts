import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import type { Metrics } from '../../../proto/metrics/metrics.ts';
import { bearerSecurity, nullable, problemResponses, streamResponse, time } from '../../api/api-schemas.ts';
import type { Identify } from '../../auth/identify.ts';
import { encodeEvent, type Stream, startEventHub } from '../../http/event-hub.ts';
import type { ConsumerConfig } from '../../settings/settings-schema.ts';
import { subscribeExperiments } from '../experiments/subscribe-experiments.ts';
import type { LiveWatch } from './watch-live.ts';

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
    // Of its own: a crowd that listens to its orders leaves the administrators their places.
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

/** In the description: what the data of an event `live` is. */
export const liveSchema = Type.Object(
  {
    at: time('When it was drawn'),
    processes: Type.Array(
      Type.Object({
        name: Type.String({ examples: ['consumer-1'] }),
        kind: Type.String({ enum: ['consumer', 'provider', 'order-worker', 'nginx'] }),
        ageMs: Type.Integer({ description: 'Since it was heard last; beyond 3 s it is silent, beyond 10 s forgotten' }),
        cpu: Type.Number({ description: 'Share of one core' }),
        memoryMb: Type.Number(),
        eventLoopMs: nullable(Type.Number({ description: 'Delay of the event loop, 99th percentile of a second' })),
        partitions: Type.Unsafe<number[] | null>({
          type: ['array', 'null'],
          items: { type: 'integer' },
          description: 'Of the log, that a worker decides',
        }),
      }),
    ),
    perSecond: rates({
      requests: 'Orders that came: to nginx, or to the consumers where nginx is not counted',
      confirmed: 'Orders decided as confirmed, each counted once however often it was answered',
      created: '201, first answers and repeated ones. This and the following add up to `requests`',
      duplicate: '200',
      refused: '410, by consumers and from nginx’s cache',
      limited: '429, by consumers and nginx',
      pending: '202',
      notOpen: '403: not open yet, paused, closed, or not allowed',
      busy: '503',
      errors: 'Other 5xx and 4xx',
      other: '401, 404, 499 (the caller left), and every other status',
    }),
    turnedAway: rates({
      nginxLimit: '429 by nginx',
      nginxCache: '410 from nginx’s cache',
      limiter: '429 by the consumers',
      soldOut: '410 by the consumers without a decision',
      log: '410 by the consumers with a decision',
    }),
    decisionMs: Type.Unsafe<object | null>({
      type: ['object', 'null'],
      description:
        'From click to decision, of orders answered with their decision in the last 10 s; estimated from buckets',
      properties: Object.fromEntries(['p50', 'p90', 'p99', 'count'].map((name) => [name, { type: 'number' }])),
    }),
    waiting: Type.Integer({ description: 'Requests that wait for a decision' }),
    undecided: Type.Integer({ description: 'Orders sent and, as far as the consumers know, not decided' }),
    listeners: Type.Integer({ description: 'Open event streams of buyers' }),
    lag: Type.Object({
      total: Type.Integer({ description: 'Records of the log that are still to be decided' }),
      byPartition: Type.Record(Type.String(), Type.Integer()),
    }),
    committedPerSecond: Type.Number({ description: 'Orders decided for the first time, by the log and without it' }),
  },
  { $id: 'Live', description: 'The system at work, as the event `live` of `GET /admin/live` tells it' },
);

const schema = {
  operationId: 'watchSystem',
  summary: 'The system at work',
  description:
    'Events named `live`, the first at once and then one a second, each a `Live`. Made of what every process counts and tells once a second; what is lost on the way is missing from the picture and from nothing else. With `LADDER=on` also events named `experiment`, each an `Experiment` as it gets on.',
  tags: ['admin'],
  security: bearerSecurity,
  response: { 200: streamResponse, ...problemResponses('forbidden', 'too_many_requests', 'busy') },
};
