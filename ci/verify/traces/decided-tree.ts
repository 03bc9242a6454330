/** The spans of an order until its answer, as treeOf shows them. */
export const DECIDED_TREE = [
  'consumer: order',
  '  consumer: call provider',
  '  order-worker: decide',
  '  provider: place_orders',
  '    provider: append',
  '  order-worker: publish',
  '  order-worker: wait in log',
];
