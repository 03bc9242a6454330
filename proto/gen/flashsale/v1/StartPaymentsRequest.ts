// Original file: proto/flashsale/v1/order.proto

import type { StartPaymentRequestInput as _flashsale_v1_StartPaymentRequestInput, StartPaymentRequest as _flashsale_v1_StartPaymentRequest } from '../../flashsale/v1/StartPaymentRequest.ts';

export interface StartPaymentsRequestInput {
  'items'?: (_flashsale_v1_StartPaymentRequestInput)[];
}

export interface StartPaymentsRequest {
  'items': (_flashsale_v1_StartPaymentRequest)[];
}
