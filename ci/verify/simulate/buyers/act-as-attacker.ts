import { redisNames } from '../../../../db/redis/redis-names.ts';
import { partitionOf } from '../../../../proto/kafka/partition-of.ts';
import { DecisionBatchType, OrderRecordType, SignedMessageType } from '../../../../proto/messages/load-protos.ts';
import { encodeOrderRecord } from '../../../../proto/messages/order-record.ts';
import { signMessage } from '../../../../proto/messages/signed-message.ts';
import type { SecretKey } from '../../../../proto/settings/secret-keys.ts';
import { FORGED } from '../invariants/asked-order.ts';
import type { Sale } from '../plans/plan-sale.ts';
import type { Servers } from '../servers/servers.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import type { World } from '../world/world.ts';

const MAX_ACTS = 12;
const FORGED_DECISIONS = ['CONFIRMED', 'SOLD_OUT', 'CLOSED'] as const;
const foreignKeys: SecretKey[] = [
  { id: 'foreign', secret: 'a guess' },
  { id: simulatedKey.id, secret: 'a guess' },
];

/** Reaches the log and Redis, and has no key: appends records of his own and copies, and publishes decisions. */
export function attack(world: World, servers: Servers, sale: Sale): void {
  const { time, random, trace } = world;
  const { log, redis } = servers;
  const names = redisNames({ REDIS_URL: 'redis://simulated', REDIS_PREFIX: '' });

  /** A record that lies on the log now. */
  function found(): { partition: number; value: Buffer } | null {
    const partition = random.pick(log.partitions);
    const records = log.read(partition, log.ends(partition).first, Number.MAX_SAFE_INTEGER) ?? [];
    const value = records.length > 0 ? random.pick(records).value : null;
    return value && { partition, value };
  }

  function append(partition: number, value: Buffer | null, what: string): void {
    trace.add(() => `attacker: ${what} at ${partition}`);
    log.append(partition, [value]);
  }

  function forgeRecord(turn: number): void {
    const { sid, kind } = random.pick(sale.stocks);
    const orderNo = `${sid}-${FORGED}-${turn}`;
    const buyer = kind === 'ladder' ? orderNo : 'mallory';
    const order = { orderNo, sid, buyer, replyTo: '', mintedAtMs: 1, takesNoUnit: false, metClosed: false };
    const unsigned = () => OrderRecordType.serialize({ ...order, version: random.pick([1, 2]), stampMs: 0 });
    const foreign = () => encodeOrderRecord({ ...order, stampMs: null, maxPriceCents: null }, random.pick(foreignKeys));
    append(partitionOf(sid), random.pick([unsigned, foreign, () => Buffer.from(orderNo), () => null])(), 'a record');
  }

  function copyRecord(turn: number): void {
    const one = found();
    if (!one) return;
    if (random.chance(0.5)) {
      append(random.pick([one.partition, ...log.partitions]), one.value, 'a copy');
      return;
    }
    const message = tryTo(() => SignedMessageType.deserialize(one.value));
    const order = message && tryTo(() => OrderRecordType.deserialize(message.payload));
    if (!order) return;
    const payload = OrderRecordType.serialize({
      ...order,
      orderNo: `${order.sid}-${FORGED}-${turn}`,
      buyer: 'mallory',
    });
    append(one.partition, SignedMessageType.serialize({ ...message, payload }), 'a changed copy');
  }

  function forgeDecision(): void {
    const one = found();
    const message = one && tryTo(() => SignedMessageType.deserialize(one.value));
    const order = message && tryTo(() => OrderRecordType.deserialize(message.payload));
    if (!one || !order?.replyTo) return;
    const state = { CONFIRMED: 'awaiting_payment', SOLD_OUT: 'sold_out', CLOSED: 'closed' };
    const decision = random.pick(FORGED_DECISIONS);
    const decided = { orderNo: order.orderNo, decision, liveOrderNo: '', state: state[decision] };
    const batch = DecisionBatchType.serialize({ decisions: [decided], toldBy: 'worker-0' });
    const text = random.pick([batch, signMessage('decisions', random.pick(foreignKeys), batch), one.value]);
    trace.add(() => `attacker: a decision of ${order.orderNo.slice(-4)}`);
    redis.publish(names.decisionsChannel(order.replyTo), text);
  }

  for (let turn = random.whole(2, MAX_ACTS); turn > 0; turn -= 1) {
    const act = random.pick([forgeRecord, copyRecord, forgeDecision, forgeDecision]);
    time.after(random.between(0, sale.stormMs), () => act(turn));
  }
}

function tryTo<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
