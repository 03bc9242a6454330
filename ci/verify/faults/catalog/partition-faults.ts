import { setTimeout as sleep } from 'node:timers/promises';
import { createAdmin, disconnect, type KafkaTarget, startAppender } from '../../../../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS, partitionOf } from '../../../../proto/kafka/partition-of.ts';
import { topicNames } from '../../../../proto/kafka/topics.ts';
import { createLogger } from '../../../../proto/process/create-logger.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import { buyUnit } from '../../sale/buyers/buy-unit.ts';
import { createFaultStock } from '../system/create-fault-stock.ts';
import { startSecondBroker } from '../system/second-broker.ts';
import type { Fault, Heal, Stage } from './fault.ts';

const LASTS_MS = 8000;
// A second broker is started while the sale goes on, and once more; when it is healed the sale may be over.
const CALM_SECONDS = 25;
const SIDE_EVERY_MS = 100;
const SIDE_UNITS = 10_000;
const CONNECT_LIMIT_MS = 10_000;
// A topic that takes records of a byte at most takes none.
const NOTHING_BYTES = 1;
const KAFKAS_OWN_BYTES = 1_048_588;
/** As Kafka's protocol has it. */
const TOPIC_RESOURCE = 2;

/** Trouble of one partition, which must stay its own. */
export const partitionFaults: Fault[] = [
  {
    name: 'leaderless-own',
    what: 'the partition of this stock has no leader for 8 s',
    lastsMs: LASTS_MS,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, pauseMs: 3000 },
    inject: (stage) => takeLeader(stage, partitionOf(stage.sid)),
  },
  {
    name: 'leaderless-other',
    what: 'another partition, of which orders come too, has no leader for 8 s',
    lastsMs: LASTS_MS,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, pauseMs: 2000 },
    async inject(stage) {
      const other = sidOfAnother(stage.sid, 1);
      await createFaultStock(stage.database, other, 'another', SIDE_UNITS);
      const stopSide = buyBeside(stage, other);
      try {
        const heal = await takeLeader(stage, partitionOf(other));
        return async () => {
          await heal();
          stage.print(`  ${await stopSide()} orders of the other partition beside it`);
        };
      } catch (error) {
        await stopSide();
        throw error;
      }
    },
    check: findDirect,
  },
  {
    name: 'dead-topic-away',
    what: 'a dead record lies on another partition of the same worker, and orders-dead takes none for 8 s',
    lastsMs: LASTS_MS,
    bounds: { errorsEndMs: 0, pauseMs: 2000, recoverMs: 3000 },
    // That the dead records are kept in the end is one of the audit's checks.
    async inject(stage) {
      const { system, sid } = stage;
      const target = targetOf(stage);
      const names = topicNames(system.config.TOPIC_PREFIX);
      const heal = () => limitBytes(target, names.ordersDead, KAFKAS_OWN_BYTES);
      await limitBytes(target, names.ordersDead, NOTHING_BYTES);
      const log = startAppender(target);
      try {
        await waitUntil('the log', () => requireConnection(log.isConnected()), { limitMs: CONNECT_LIMIT_MS });
        // Two workers have every other partition each.
        const partition = (partitionOf(sid) + 2) % ORDER_PARTITIONS;
        await log.append(names.orders, partition, [{ key: 'junk', value: Buffer.from('not a record, but text') }]);
      } catch (error) {
        await heal();
        throw error;
      } finally {
        await log.close();
      }
      return heal;
    },
  },
];

const targetOf = ({ system }: Stage): KafkaTarget => ({
  brokers: system.kafkaBrokers.split(','),
  clientId: 'faults',
  logger: createLogger('faults', 'silent'),
});

/** Moves the partition to a broker of its own, and stops that. What heals it brings the partition back to where it was. */
async function takeLeader({ system, print }: Stage, partition: number): Promise<Heal> {
  const broker = await startSecondBroker(system);
  try {
    await broker.takePartition(topicNames(system.config.TOPIC_PREFIX).orders, partition);
    await broker.halt();
    print(`  partition ${partition} has no leader`);
  } catch (error) {
    await broker.close();
    throw error;
  }
  return () => broker.close();
}

/** A stock on another partition, so many partitions further on. */
function sidOfAnother(sid: number, further: number): number {
  const wanted = (partitionOf(sid) + further) % ORDER_PARTITIONS;
  let other = sid * 1_000_000;
  while (partitionOf(other) !== wanted) other += 1;
  return other;
}

/** Orders of another stock, one after the other. Returns what ends them, and resolves with how many there were. */
function buyBeside({ system, load }: Stage, sid: number): () => Promise<number> {
  let isOver = false;
  let bought = 0;
  const nothing = () => undefined;
  const running = (async () => {
    while (!isOver) {
      const token = await system.createToken(`side-${sid}-${bought}`, 'buyer');
      const intent = { sid, token, key: 'first', abandonAfterMs: undefined };
      await buyUnit(load.client, { ...intent, onSend: nothing, onAnswer: nothing, onAgain: nothing }).catch(nothing);
      bought += 1;
      await sleep(SIDE_EVERY_MS);
    }
  })();
  return async () => {
    isOver = true;
    await running;
    return bought;
  };
}

/** The partition of this stock had its leader all the time, so nothing was to be decided past it. */
async function findDirect({ database, sid }: Stage): Promise<string[]> {
  const sql = `SELECT COUNT(*) AS direct FROM stock_order WHERE sid = ? AND decided_by = 'direct'`;
  const [row] = await database.session((session) => session.rows<{ direct: number }>(sql, [sid]));
  const direct = Number(row?.direct ?? 0);
  return direct > 0 ? [`${direct} orders were decided without the log, whose partition had its leader`] : [];
}

/** Most bytes of one record. */
async function limitBytes(target: KafkaTarget, topic: string, bytes: number): Promise<void> {
  const admin = createAdmin(target);
  await admin.connect();
  try {
    const configEntries = [
      { name: 'max.message.bytes', value: String(bytes) },
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
    ];
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: TOPIC_RESOURCE, name: topic, configEntries }],
    });
  } finally {
    await disconnect(admin);
  }
}

function requireConnection(isConnected: boolean): void {
  if (!isConnected) throw new Error('not connected yet');
}
