// Original file: proto/flashsale/v1/order.proto

import type { StartPaymentResultInput as _flashsale_v1_StartPaymentResultInput, StartPaymentResult as _flashsale_v1_StartPaymentResult } from '../../flashsale/v1/StartPaymentResult.ts';

export interface StartPaymentsReplyInput {
  'results'?: (_flashsale_v1_StartPaymentResultInput)[];
}

export interface StartPaymentsReply {
  'results': (_flashsale_v1_StartPaymentResult)[];
}
