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

/** Members that join and leave the group, as when order-workers are scaled or released. */
export const rebalanceFaults: Fault[] = [
  {
    name: 'rebalance',
    what: 'a member that decides no orders joins and leaves the order-workers’ group, every 2 s for 10 s',
    lastsMs: LASTS_MS,
    // The last member leaves some seconds after the end; buyers must still come then.
    calmSeconds: 14,
    bounds: { errorsEndMs: 0, recoverMs: 10_000 },
    inject({ system, print }) {
      const { orders: topic, workerGroup: group } = topicNames(system.config.TOPIC_PREFIX);
      const logger = createLogger('faults', 'silent');
      const target = { brokers: system.kafkaBrokers.split(','), clientId: 'passing-member', logger };
      let isEnded = false;
      let joined = 0;
      const joinAndLeave = async () => {
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
            throw new NotOwnedError('this member decides no orders');
          },
        });
        await sleep(MEMBER_MS);
        await member.close();
      };
      const running = (async () => {
        while (!isEnded) {
          const nextMs = performance.now() + EVERY_MS;
          await joinAndLeave().catch(() => undefined);
          await sleep(Math.max(0, nextMs - performance.now()));
        }
      })();
      return async () => {
        isEnded = true;
        await running;
        print(`  the member was assigned partitions ${joined} times`);
      };
    },
  },
];
