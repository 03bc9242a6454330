import { createRedisNames } from '../../../../db/redis/redis-names.ts';
import { partitionOf } from '../../../../proto/kafka/partition-of.ts';
import { DecisionBatchType, OrderRecordType, SignedMessageType } from '../../../../proto/messages/load-protos.ts';
import {
  COMPACT_VERSION,
  decodeOrderRecord,
  encodeCompactRecord,
  encodeOrderRecord,
  type LoggedOrder,
} from '../../../../proto/messages/order-record.ts';
import { signMessage } from '../../../../proto/messages/signed-message.ts';
import type { SecretKey } from '../../../../proto/settings/secret-keys.ts';
import { FORGED } from '../invariants/asked-order.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import type { ActorOptions } from './actor-options.ts';

const MAX_ACTS = 12;
const FORGED_DECISIONS = ['CONFIRMED', 'SOLD_OUT', 'CLOSED'] as const;
const FORGED_STATES = { CONFIRMED: 'awaiting_payment', SOLD_OUT: 'sold_out', CLOSED: 'closed' };
const names = createRedisNames({ REDIS_URL: 'redis://simulated', REDIS_PREFIX: '' });
const foreignKeys: SecretKey[] = [
  { id: 'foreign', secret: 'a guess' },
  { id: simulatedKey.id, secret: 'a guess' },
];

type Found = { partition: number; value: Buffer };

/** Writes to the log and to Redis without a valid key: forged and copied records, and decisions. */
export function actAsAttacker(options: ActorOptions): void {
  const { time, random } = options.world;
  for (let turn = random.whole(2, MAX_ACTS); turn > 0; turn -= 1) {
    const act = random.pick([forgeRecord, copyRecord, forgeDecision, forgeDecision]);
    time.after(random.between(0, options.sale.stormMs), () => act(options, turn));
  }
}

function forgeRecord(options: ActorOptions, turn: number): void {
  const { random } = options.world;
  const { sid, kind } = random.pick(options.sale.stocks);
  const orderNo = `${sid}-${FORGED}-${turn}`;
  const buyer = kind === 'ladder' ? orderNo : 'mallory';
  const order = { orderNo, sid, buyer, replyTo: '', mintedAtMs: 1, takesNoUnit: false, metClosed: false };
  const unsigned = () => OrderRecordType.serialize({ ...order, version: random.pick([1, 2]), stampMs: 0 });
  const complete = { ...order, stampMs: null, maxPriceCents: null };
  const foreign = () => encodeOrderRecord(complete, random.pick(foreignKeys));
  const compact = () => encodeCompactRecord([complete, complete], random.pick(foreignKeys));
  const forged = random.pick([unsigned, foreign, compact, () => Buffer.from(orderNo), () => null])();
  append(options, partitionOf(sid), forged, 'a record');
}

function copyRecord(options: ActorOptions, turn: number): void {
  const { random } = options.world;
  const found = findRecord(options);
  if (!found) return;
  if (random.chance(0.5)) {
    const partition = random.pick([found.partition, ...options.servers.log.partitions]);
    append(options, partition, found.value, 'a copy');
    return;
  }
  const message = tryTo(() => SignedMessageType.deserialize(found.value));
  const record = message && tryTo(() => OrderRecordType.deserialize(message.payload));
  const order = random.pick([...ordersOf(found), null]);
  if (!record || !order) return;
  const orderNo = `${order.sid}-${FORGED}-${turn}`;
  const mine =
    record.version === COMPACT_VERSION
      ? { compactOrders: Buffer.from(`1 \n${orderNo} ${order.sid} mallory 1 0 0 -`) }
      : { orderNo, buyer: 'mallory' };
  const payload = OrderRecordType.serialize({ ...record, ...mine });
  append(options, found.partition, SignedMessageType.serialize({ ...message, payload }), 'a changed copy');
}

function forgeDecision(options: ActorOptions): void {
  const { random, trace } = options.world;
  const found = findRecord(options);
  const order = found && random.pick([...ordersOf(found), null]);
  if (!found || !order?.replyTo) return;
  const decision = random.pick(FORGED_DECISIONS);
  const decided = { orderNo: order.orderNo, decision, liveOrderNo: '', state: FORGED_STATES[decision] };
  const batch = DecisionBatchType.serialize({ decisions: [decided], toldBy: 'worker-0' });
  const message = random.pick([batch, signMessage('decisions', random.pick(foreignKeys), batch), found.value]);
  trace.add(() => `attacker: a decision of ${order.orderNo.slice(-4)}`);
  options.servers.redis.publish(names.decisionsChannel(order.replyTo), message);
}

/** A record that is in the log now. */
function findRecord({ world, servers }: ActorOptions): Found | null {
  const { log } = servers;
  const partition = world.random.pick(log.partitions);
  const records = log.read(partition, log.ends(partition).first, Number.MAX_SAFE_INTEGER) ?? [];
  const value = records.length > 0 ? world.random.pick(records).value : null;
  return value && { partition, value };
}

function append({ world, servers }: ActorOptions, partition: number, value: Buffer | null, what: string): void {
  world.trace.add(() => `attacker: ${what} at ${partition}`);
  servers.log.append(partition, [value]);
}

/** The orders of a genuine record, which anyone who reads the log can read. */
function ordersOf({ value }: Found): LoggedOrder[] {
  const decoded = decodeOrderRecord(value, { keys: [simulatedKey], acceptsUnsigned: false });
  return decoded.kind === 'orders' ? decoded.orders.flatMap((order) => ('invalid' in order ? [] : order)) : [];
}

function tryTo<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
