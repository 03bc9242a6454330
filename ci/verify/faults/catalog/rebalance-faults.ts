import { setTimeout as sleep } from 'node:timers/promises';
import { startTopicConsumer } from '../../../../proto/kafka/topic-consumer.ts';
import { topicNames } from '../../../../proto/kafka/topics.ts';
import { NotOwnedError } from '../../../../proto/kafka/work-through-batch.ts';
import { createLogger } from '../../../../proto/process/create-logger.ts';
import type { Fault } from './fault.ts';

const LASTS_MS = 10_000;
const EVERY_MS = 2000;
const MEMBER_MS = 1000;
const BETWEEN_BATCHES_MS = 100;

/** Members that come and go, as when workers are scaled or released. */
export const rebalanceFaults: Fault[] = [
  {
    name: 'rebalance',
    what: 'a member that decides nothing joins the workers and leaves, every 2 s for 10 s',
    lastsMs: LASTS_MS,
    // The last member leaves some seconds after the end; buyers must still come then.
    calmSeconds: 14,
    bounds: { errorsEndMs: 0, recoverMs: 10_000 },
    inject({ system, print }) {
      const { orders: topic, workerGroup: group } = topicNames(system.config.TOPIC_PREFIX);
      const logger = createLogger('faults', 'silent');
      const target = { brokers: system.kafkaBrokers.split(','), clientId: 'passing-member', logger };
      let isOver = false;
      let joined = 0;
      const pass = async () => {
        const member = await startTopicConsumer(target, {
          topic,
          group,
          maxBatch: 1000,
          onCrash: () => undefined,
          onAssigned(partitions) {
            if (partitions.length > 0) joined += 1;
          },
          async handle() {
            await sleep(BETWEEN_BATCHES_MS);
            throw new NotOwnedError('it only passes by');
          },
        });
        await sleep(MEMBER_MS);
        await member.close();
      };
      const running = (async () => {
        while (!isOver) {
          const nextMs = performance.now() + EVERY_MS;
          await pass().catch(() => undefined);
          await sleep(Math.max(0, nextMs - performance.now()));
        }
      })();
      return async () => {
        isOver = true;
        await running;
        print(`  ${joined} times partitions were handed to it`);
      };
    },
  },
];
