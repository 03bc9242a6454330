import { setTimeout as sleep } from 'node:timers/promises';
import { startTopicConsumer } from '../../../../proto/kafka/topic-consumer.ts';
import { NotOwnedError } from '../../../../proto/kafka/work-through-batch.ts';
import { repeat } from '../system/repeat.ts';
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
    // The last member leaves some seconds after the end of the fault, and buyers must still arrive then.
    calmSeconds: 14,
    bounds: { errorsEndMs: 0, recoverMs: 10_000 },
    alarm: { none: 'partitions change their worker within a second' },
    inject({ system: { kafka, topics }, print }) {
      let joined = 0;
      const joinAndLeave = async () => {
        const member = await startTopicConsumer(kafka, {
          topic: topics.orders,
          group: topics.workerGroup,
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
      const stop = repeat(async () => {
        const nextMs = performance.now() + EVERY_MS;
        await joinAndLeave().catch(() => undefined);
        await sleep(Math.max(0, nextMs - performance.now()));
      });
      return async () => {
        await stop();
        print(`  the member was assigned partitions ${joined} times`);
      };
    },
  },
];
