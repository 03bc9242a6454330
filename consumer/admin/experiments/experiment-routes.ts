import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Static } from 'typebox';
import { ulid } from 'ulid';
import type { RedisClient } from '../../../db/redis/connect-redis.ts';
import { createExperimentStore, type StartOutcome } from '../../../db/redis/experiment-store.ts';
import { createExperiment, ladderStrategies } from '../../../proto/messages/experiment.ts';
import { realClock } from '../../../proto/process/clock.ts';
import type { Identify } from '../../auth/identify.ts';
import { nameActor } from '../../auth/name-actor.ts';
import { Problem } from '../../http/problem.ts';
import type { Providers } from '../../providers/connect-providers.ts';
import { type experimentSchema, listSchema, readSchema, startSchema } from './experiment-schemas.ts';

type ExperimentView = Static<typeof experimentSchema>;

export type ExperimentRoutesOptions = {
  identify: Identify;
  logger: Logger;
  providers: Pick<Providers, 'recordAction'>;
  redis: RedisClient;
};

/** /admin/experiments: comparisons of strategies, run by ci/measure/experiments/run-experiments.ts. Only with LADDER=on. */
export function experimentRoutes({ identify, logger, providers, redis }: ExperimentRoutesOptions) {
  const store = createExperimentStore(realClock, redis);
  const orUnavailable = (error: unknown) => {
    logger.warn({ err: error }, 'experiments unavailable');
    throw new Problem('unavailable', 'Experiments need Redis, which does not answer.', {}, { 'retry-after': '1' });
  };

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const onRequest = identify.adminOnly;
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));

    api.post('/admin/experiments', { schema: startSchema, onRequest }, async (request, reply) => {
      const experiment: ExperimentView = createExperiment(ulid(), request.body);
      const { experimentId } = experiment;
      // Checked before it is recorded: a refused experiment has no entry in the action log, unless another one starts in between.
      refuse(await store.foresee().catch(orUnavailable));
      await providers.recordAction({
        actor: nameActor(request),
        action: 'startExperiment',
        target: experimentId,
        detail: JSON.stringify(request.body),
      });
      refuse(await store.start(experiment).catch(orUnavailable));
      request.log.info({ buyer: request.identity.buyer, experimentId, request: request.body }, 'experiment requested');
      reply.code(202).header('location', `/api/v1/admin/experiments/${experimentId}`);
      return experiment;
    });

    api.get('/admin/experiments', { schema: listSchema, onRequest }, async () => {
      const [experiments, runner] = await Promise.all([store.list(), store.hasRunner()]).catch(orUnavailable);
      return { experiments: experiments satisfies ExperimentView[], runner, ways: [...ladderStrategies] };
    });

    api.get('/admin/experiments/:experimentId', { schema: readSchema, onRequest }, async (request) => {
      const experiment: ExperimentView | null = await store.read(request.params.experimentId).catch(orUnavailable);
      if (!experiment) throw new Problem('experiment_not_found');
      return experiment;
    });
  };
}

function refuse(outcome: StartOutcome): void {
  if (outcome === 'BUSY') throw new Problem('conflict', 'Another experiment is running: one at a time.');
  if (outcome === 'STARTED') return;
  const detail = 'No process runs experiments. npm start starts it.';
  throw new Problem('unavailable', detail, {}, { 'retry-after': '5' });
}
