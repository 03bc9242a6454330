import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../db/redis/subscribe-channel.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import type { Delivery, DeliveryMemory } from '../orders/delivery-memory.ts';

/** `consumer`: the one that received the decision. */
export type DeliveryAnswer = Delivery & { consumer: string };
/** Null when no consumer answers within 300 ms: the delivery is forgotten, or its consumer is gone. */
export type FindDelivery = (orderNo: string) => Promise<DeliveryAnswer | null>;

export type DeliveryTraceOptions = {
  clock: Clock;
  redis: RedisClient;
  /** A connection that is used for subscriptions only. */
  subscriber: RedisClient;
  /** Name of this consumer. */
  name: string;
  deliveries: DeliveryMemory;
};

const WAIT_MS = 300;
const MAX_ASKING = 1000;

const name = Type.String({ minLength: 1, maxLength: 64 });
const orderNo = Type.String({ minLength: 1, maxLength: 64 });
const question = Compile(Type.Object({ orderNo, replyTo: name }));
const answer = Compile(
  Type.Object({ orderNo, by: name, atMs: Type.Number({ minimum: 0 }), toldBy: Type.Union([name, Type.Null()]) }),
);

/** Finds out when an order's decision was delivered, and to which consumer: to this one, or to another, which is asked over Redis. */
export function createDeliveryTrace(options: DeliveryTraceOptions): FindDelivery {
  const { clock, redis, subscriber, deliveries } = options;
  const asking = new Map<string, Set<(answer: DeliveryAnswer) => void>>();

  subscribeChannel(subscriber, redis.names.deliveryRequestsChannel, (message) => {
    const asked = parse(message);
    if (!question.Check(asked) || asked.replyTo === options.name) return;
    const found = deliveries.find(asked.orderNo);
    if (!found) return;
    const { atMs, worker: toldBy } = found;
    const reply = JSON.stringify({ orderNo: asked.orderNo, by: options.name, atMs, toldBy });
    redis.publish(redis.names.deliveredChannel(asked.replyTo), reply).catch(() => undefined);
  });
  subscribeChannel(subscriber, redis.names.deliveredChannel(options.name), (message) => {
    const received = parse(message);
    if (!answer.Check(received)) return;
    const { orderNo, by: consumer, atMs, toldBy: worker } = received;
    for (const listener of asking.get(orderNo) ?? []) listener({ atMs, worker, consumer });
  });

  async function askOthers(orderNo: string): Promise<DeliveryAnswer | null> {
    if (asking.size >= MAX_ASKING) return null;
    const { promise, resolve } = Promise.withResolvers<DeliveryAnswer>();
    const group = asking.get(orderNo) ?? new Set();
    asking.set(orderNo, group.add(resolve));
    try {
      const request = JSON.stringify({ orderNo, replyTo: options.name });
      const answered = redis.publish(redis.names.deliveryRequestsChannel, request).then(() => promise);
      return await withDeadline(clock, WAIT_MS, 'delivery', answered);
    } catch {
      return null;
    } finally {
      group.delete(resolve);
      if (group.size === 0) asking.delete(orderNo);
    }
  }

  return async (orderNo) => {
    const own = deliveries.find(orderNo);
    return own ? { ...own, consumer: options.name } : askOthers(orderNo);
  };
}

function parse(message: Buffer): unknown {
  try {
    return JSON.parse(message.toString());
  } catch {
    return null;
  }
}
