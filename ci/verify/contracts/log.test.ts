import t from 'tap';
import { startLagReader } from '../../../proto/kafka/kafka.ts';
import { startTopicConsumer } from '../../../proto/kafka/topic-consumer.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { startRecordAppender } from '../../testing/orders/record-appender.ts';
import { createTestTopics } from '../../testing/servers/test-topics.ts';
import { createGroup } from '../simulate/servers/log/group.ts';
import { createLog } from '../simulate/servers/log/log.ts';
import { createRecordAppender } from '../simulate/servers/log/record-appender.ts';
import { runMember } from '../simulate/servers/log/run-member.ts';
import { createSimulatedProcess } from '../simulate/world/simulated-process.ts';
import { logContract } from './log-contract.ts';
import { createStillWorld } from './still-world.ts';

// Joining and leaving a group takes seconds.
t.setTimeout(110_000);

t.test('Kafka', (t) => {
  logContract(t, async (t) => {
    const topics = await createTestTopics(t);
    const { target, names } = topics;
    const append = await startRecordAppender(t, topics);
    const lag = startLagReader(target, names.orders, names.workerGroup);
    t.teardown(() => lag.close());
    return {
      // The leader of a new topic may refuse appends for a moment.
      append: (partition, texts) =>
        append(
          partition,
          texts.map((text) => ({ key: '1', value: Buffer.from(text) })),
        ),
      consume: (handle, maxBatch) =>
        startTopicConsumer(target, {
          topic: names.orders,
          group: names.workerGroup,
          maxBatch,
          handle,
          onCrash: (error) => t.fail(String(error)),
          onAssigned: () => undefined,
        }),
      committed: async (partition) => (await lag.read()).get(partition)?.committed ?? -1n,
      drive: (work) => work(),
      until: (what, check) =>
        waitUntil(
          what,
          async () => {
            if (!(await check())) throw new Error('not yet');
          },
          { limitMs: 30_000 },
        ),
    };
  });
  t.end();
});

t.test('the simulated log', (t) => {
  logContract(t, async () => {
    const { world, time, drive, pass } = createStillWorld();
    const log = createLog([3, 6], () => Math.floor(time.nowMs()));
    const group = createGroup(world, log, 10_000);
    const access = { log, isUp: () => true };
    const append = createRecordAppender(world, createSimulatedProcess(time, 'appender'), access);
    let members = 0;
    return {
      append: (partition, texts) =>
        append(
          partition,
          texts.map((text) => ({ value: Buffer.from(text) })),
        ),
      async consume(handle, maxBatch) {
        members += 1;
        const process = createSimulatedProcess(time, `member-${members}`);
        const beforeCommit = async (ready: Map<number, bigint>) => ({ ready });
        runMember({ world, process, group, access, handle, maxBatch, beforeCommit });
        return {
          async close() {
            process.kill();
            group.leave(process.name);
          },
        };
      },
      committed: async (partition) => BigInt(group.committed(partition)),
      drive,
      async until(_what, check) {
        while (!(await check())) await pass(50);
      },
    };
  });
  t.end();
});
