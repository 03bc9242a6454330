// Original file: proto/flashsale/v1/order.proto

import type { CreateOrderOutcomeInput as _flashsale_v1_CreateOrderOutcomeInput, CreateOrderOutcome as _flashsale_v1_CreateOrderOutcome } from '../../flashsale/v1/CreateOrderOutcome.ts';

export interface CreateOrderReplyInput {
  'orderNo'?: (string);
  'outcome'?: (_flashsale_v1_CreateOrderOutcomeInput);
  'servedBy'?: (string);
}

export interface CreateOrderReply {
  'orderNo': (string);
  'outcome': (_flashsale_v1_CreateOrderOutcome);
  'servedBy': (string);
}
