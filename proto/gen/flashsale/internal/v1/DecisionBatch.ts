// Original file: proto/flashsale/internal/v1/internal.proto

import type { DecidedOrderInput as _flashsale_v1_DecidedOrderInput, DecidedOrder as _flashsale_v1_DecidedOrder } from '../../../flashsale/v1/DecidedOrder.ts';

export interface DecisionBatchInput {
  'decisions'?: (_flashsale_v1_DecidedOrderInput)[];
  'toldBy'?: (string);
}

export interface DecisionBatch {
  'decisions': (_flashsale_v1_DecidedOrder)[];
  'toldBy': (string);
}
