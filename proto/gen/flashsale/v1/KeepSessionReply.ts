// Original file: proto/flashsale/v1/order.proto

import type { KeepSessionOutcomeInput as _flashsale_v1_KeepSessionOutcomeInput, KeepSessionOutcome as _flashsale_v1_KeepSessionOutcome } from '../../flashsale/v1/KeepSessionOutcome.ts';
import type { OrderInput as _flashsale_v1_OrderInput, Order as _flashsale_v1_Order } from '../../flashsale/v1/Order.ts';

export interface KeepSessionReplyInput {
  'outcome'?: (_flashsale_v1_KeepSessionOutcomeInput);
  'sessionUrl'?: (string);
  'order'?: (_flashsale_v1_OrderInput | null);
}

export interface KeepSessionReply {
  'outcome': (_flashsale_v1_KeepSessionOutcome);
  'sessionUrl': (string);
  'order': (_flashsale_v1_Order | null);
}
