/** Names of the topics and the consumer group. */
export function topicNames(prefix: string) {
  return {
    orders: `${prefix}orders`,
    ordersDead: `${prefix}orders-dead`,
    orderEvents: `${prefix}order-events`,
    /** Records of warm-ups, which nothing reads but the warm-up that appended them. */
    warmUp: `${prefix}warm-up`,
    workerGroup: `${prefix}order-worker`,
    /** Workers that write the deliveries of webhooks; they read the events. */
    webhookGroup: `${prefix}order-webhooks`,
  };
}

/** Retention of the log. Rows must be kept longer: a late copy of a record without a row would be decided again. */
export const ORDER_RETENTION_DAYS = 7;

/** Enough for a leader on each of three brokers. */
export const WARM_UP_PARTITIONS = 3;
