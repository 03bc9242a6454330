import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../db/redis/subscribe-channel.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import type { Delivery, DeliveryMemory } from './delivery-memory.ts';

/** `by`: the consumer that heard it. */
export type DeliveryAnswer = Delivery & { by: string };

export type DeliveryTraceOptions = {
  clock: Clock;
  redis: RedisClient;
  /** A connection that only hears. */
  subscriber: RedisClient;
  /** Of this consumer. */
  name: string;
  told: DeliveryMemory;
};

const WAIT_MS = 300;
const MAX_ASKING = 1000;

const name = Type.String({ minLength: 1, maxLength: 64 });
const orderNo = Type.String({ minLength: 1, maxLength: 64 });
const question = Compile(Type.Object({ orderNo, replyTo: name }));
const answer = Compile(
  Type.Object({ orderNo, by: name, atMs: Type.Number({ minimum: 0 }), toldBy: Type.Union([name, Type.Null()]) }),
);

/**
 * Finds out when an order's decision was heard, and by which consumer: this one, or one of the others, which answer at once
 * where they know it. Null when nobody did within 300 ms: it was too long ago, or that consumer is gone.
 */
export function createDeliveryTrace({ clock, redis, subscriber, name, told }: DeliveryTraceOptions) {
  const asking = new Map<string, Set<(answer: DeliveryAnswer) => void>>();

  subscribeChannel(subscriber, redis.names.deliveryRequestsChannel, (message) => {
    const asked = parse(message);
    if (!question.Check(asked) || asked.replyTo === name) return;
    const found = told.find(asked.orderNo);
    if (!found) return;
    const reply = JSON.stringify({ orderNo: asked.orderNo, by: name, ...found });
    redis.publish(redis.names.deliveredChannel(asked.replyTo), reply).catch(() => undefined);
  });
  subscribeChannel(subscriber, redis.names.deliveredChannel(name), (message) => {
    const heard = parse(message);
    if (!answer.Check(heard)) return;
    const { orderNo, ...rest } = heard;
    for (const hear of asking.get(orderNo) ?? []) hear(rest);
  });

  async function askOthers(orderNo: string): Promise<DeliveryAnswer | null> {
    if (asking.size >= MAX_ASKING) return null;
    const { promise, resolve } = Promise.withResolvers<DeliveryAnswer>();
    const group = asking.get(orderNo) ?? new Set();
    asking.set(orderNo, group.add(resolve));
    try {
      const asked = redis.publish(redis.names.deliveryRequestsChannel, JSON.stringify({ orderNo, replyTo: name }));
      return await withDeadline(
        clock,
        WAIT_MS,
        'told',
        asked.then(() => promise),
      );
    } catch {
      return null;
    } finally {
      group.delete(resolve);
      if (group.size === 0) asking.delete(orderNo);
    }
  }

  return async (orderNo: string): Promise<DeliveryAnswer | null> => {
    const own = told.find(orderNo);
    return own ? { ...own, by: name } : askOthers(orderNo);
  };
}

function parse(message: Buffer): unknown {
  try {
    return JSON.parse(message.toString());
  } catch {
    return null;
  }
}
