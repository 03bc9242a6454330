// Original file: proto/flashsale/v1/order.proto

import type { ChangeOrderOutcomeInput as _flashsale_v1_ChangeOrderOutcomeInput, ChangeOrderOutcome as _flashsale_v1_ChangeOrderOutcome } from '../../flashsale/v1/ChangeOrderOutcome.ts';
import type { OrderInput as _flashsale_v1_OrderInput, Order as _flashsale_v1_Order } from '../../flashsale/v1/Order.ts';

export interface ChangeOrderReplyInput {
  'outcome'?: (_flashsale_v1_ChangeOrderOutcomeInput);
  'order'?: (_flashsale_v1_OrderInput | null);
}

export interface ChangeOrderReply {
  'outcome': (_flashsale_v1_ChangeOrderOutcome);
  'order': (_flashsale_v1_Order | null);
}
