import { setTimeout as sleep } from 'node:timers/promises';
import { createAdmin, disconnect, type KafkaTarget } from '../../../../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS, partitionOf } from '../../../../proto/kafka/partition-of.ts';
import { createStock } from '../../../command/create-stock.ts';
import { connectAppender } from '../../../local/servers/connect-appender.ts';
import { buyUnit } from '../../sale/buyers/buy-unit.ts';
import { repeat } from '../system/repeat.ts';
import { startSecondBroker } from '../system/second-broker.ts';
import type { Fault, Heal, Stage } from './fault.ts';

const LASTS_MS = 8000;
// Starting a second broker twice takes time during the sale.
const CALM_SECONDS = 40;
const SIDE_EVERY_MS = 100;
const SIDE_UNITS = 10_000;
// A topic with this limit accepts no records.
const MIN_RECORD_BYTES = 1;
/** Kafka's default. */
const DEFAULT_RECORD_BYTES = 1_048_588;
/** Of Kafka's protocol. */
const TOPIC_RESOURCE = 2;

/** Failures of one partition, which must not affect the others. */
export const partitionFaults: Fault[] = [
  {
    name: 'leaderless-own',
    what: 'the partition of this stock has no leader for 8 s',
    lastsMs: LASTS_MS,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, pauseMs: 3000 },
    alarm: { name: 'BreakerOpen' },
    inject: (stage) => takeLeader(stage, partitionOf(stage.sid)),
  },
  {
    name: 'leaderless-other',
    what: 'another partition that also has orders has no leader for 8 s',
    lastsMs: LASTS_MS,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, pauseMs: 2000 },
    alarm: { name: 'BreakerOpen' },
    async inject(stage) {
      const other = sidOfAnother(stage.sid, 1);
      await createStock(stage.database, { sid: other, name: 'another', count: SIDE_UNITS });
      const stopSide = buyBeside(stage, other);
      try {
        const heal = await takeLeader(stage, partitionOf(other));
        return async () => {
          await heal();
          stage.print(`  ${await stopSide()} orders of the other partition`);
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
    what: 'an invalid record is on another partition of the same order-worker, and orders-dead accepts no records for 8 s',
    lastsMs: LASTS_MS,
    bounds: { errorsEndMs: 0, pauseMs: 2000, recoverMs: 3000 },
    alarm: { name: 'PartitionStuck' },
    // The audit checks that all dead letters are kept after the fault.
    async inject({ system: { kafka, topics }, sid }) {
      const heal = () => limitBytes(kafka, topics.ordersDead, DEFAULT_RECORD_BYTES);
      const log = await connectAppender(kafka);
      try {
        await limitBytes(kafka, topics.ordersDead, MIN_RECORD_BYTES);
        // Each of the two order-workers has every second partition.
        const partition = (partitionOf(sid) + 2) % ORDER_PARTITIONS;
        await log.append(topics.orders, partition, [{ key: 'junk', value: Buffer.from('not a record, but text') }]);
      } catch (error) {
        await heal();
        throw error;
      } finally {
        await log.close();
      }
      return heal;
    },
  },
  {
    name: 'event-topic-refuses',
    what: 'order-events accepts no records for 8 s',
    lastsMs: LASTS_MS,
    bounds: { errorsEndMs: 0, pauseMs: 2000, recoverMs: 3000 },
    alarm: { name: 'EventsUnpublished' },
    // The audit checks that each confirmed order is published or has a row after the fault.
    async inject({ system: { kafka, topics } }) {
      await limitBytes(kafka, topics.orderEvents, MIN_RECORD_BYTES);
      return () => limitBytes(kafka, topics.orderEvents, DEFAULT_RECORD_BYTES);
    },
    check: findNoRows,
  },
];

/** Moves the partition to a second broker and stops that broker. The returned function moves the partition back. */
async function takeLeader({ system, print }: Stage, partition: number): Promise<Heal> {
  const broker = await startSecondBroker(system);
  try {
    await broker.takePartition(system.topics.orders, partition);
    await broker.halt();
    print(`  partition ${partition} has no leader`);
  } catch (error) {
    await broker.close();
    throw error;
  }
  return () => broker.close();
}

/** The id of a stock whose partition is `further` partitions after the one of this stock. */
function sidOfAnother(sid: number, further: number): number {
  const wanted = (partitionOf(sid) + further) % ORDER_PARTITIONS;
  let other = sid * 1_000_000;
  while (partitionOf(other) !== wanted) other += 1;
  return other;
}

/** Sends orders of another stock, one after the other. The returned function stops that and resolves with their number. */
function buyBeside({ system, load }: Stage, sid: number): () => Promise<number> {
  let bought = 0;
  const stop = repeat(async () => {
    const token = await system.createToken(`side-${sid}-${bought}`, 'buyer');
    await buyUnit(load.client, { sid, token, key: 'first' }).catch(() => undefined);
    bought += 1;
    await sleep(SIDE_EVERY_MS);
  });
  return async () => {
    await stop();
    return bought;
  };
}

/** The partition of this stock has a leader during the fault, so direct decisions are a violation. */
async function findDirect({ database, sid }: Stage): Promise<string[]> {
  const sql = `SELECT COUNT(*) AS direct FROM stock_order WHERE sid = ? AND decided_by = 'direct'`;
  const [row] = await database.session((session) => session.rows<{ direct: number }>(sql, [sid]));
  const direct = Number(row?.direct ?? 0);
  return direct > 0 ? [`${direct} orders were decided directly, although their partition had a leader`] : [];
}

/** What the event topic refuses becomes rows. */
async function findNoRows({ database, sid }: Stage): Promise<string[]> {
  const sql = `SELECT COUNT(*) AS kept FROM order_event WHERE sid = ? AND type = 'confirmed'`;
  const [row] = await database.session((session) => session.rows<{ kept: number }>(sql, [sid]));
  return Number(row?.kept ?? 0) > 0 ? [] : ['no event became a row, although the event topic refused all events'];
}

/** Sets the maximum size of a record. */
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
