// Original file: proto/flashsale/v1/order.proto

import type { DecisionInput as _flashsale_v1_DecisionInput, Decision as _flashsale_v1_Decision } from '../../flashsale/v1/Decision.ts';

export interface DecidedOrderInput {
  'orderNo'?: (string);
  'decision'?: (_flashsale_v1_DecisionInput);
  'liveOrderNo'?: (string);
  'state'?: (string);
  'unitsLeft'?: (number);
}

export interface DecidedOrder {
  'orderNo': (string);
  'decision': (_flashsale_v1_Decision);
  'liveOrderNo': (string);
  'state': (string);
  'unitsLeft': (number);
}
