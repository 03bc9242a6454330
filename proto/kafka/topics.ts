/** Names of the topics and the consumer group. */
export function topicNames(prefix: string) {
  return {
    orders: `${prefix}orders`,
    ordersDead: `${prefix}orders-dead`,
    orderEvents: `${prefix}order-events`,
    workerGroup: `${prefix}order-worker`,
  };
}

/** Retention of the log. Rows must be kept longer: a late copy of a record without a row would be decided again. */
export const ORDER_RETENTION_DAYS = 7;
