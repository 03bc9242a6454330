// Original file: proto/flashsale/v1/order.proto

import type { PaymentsOfOrderInput as _flashsale_v1_PaymentsOfOrderInput, PaymentsOfOrder as _flashsale_v1_PaymentsOfOrder } from '../../flashsale/v1/PaymentsOfOrder.ts';

export interface FindPaymentsReplyInput {
  'orders'?: (_flashsale_v1_PaymentsOfOrderInput)[];
}

export interface FindPaymentsReply {
  'orders': (_flashsale_v1_PaymentsOfOrder)[];
}
