/** Names of the topics and the consumer group. Tests put a prefix of their own before them. */
export function topicNames(prefix: string) {
  return {
    orders: `${prefix}orders`,
    ordersDead: `${prefix}orders-dead`,
    orderEvents: `${prefix}order-events`,
    workerGroup: `${prefix}order-worker`,
  };
}

/** How long the log keeps records. Rows must outlive them: a late copy of a purged order would be decided anew. */
export const ORDER_RETENTION_DAYS = 7;
