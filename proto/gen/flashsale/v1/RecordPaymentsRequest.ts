// Original file: proto/flashsale/v1/order.proto

import type { RecordPaymentRequestInput as _flashsale_v1_RecordPaymentRequestInput, RecordPaymentRequest as _flashsale_v1_RecordPaymentRequest } from '../../flashsale/v1/RecordPaymentRequest.ts';

export interface RecordPaymentsRequestInput {
  'items'?: (_flashsale_v1_RecordPaymentRequestInput)[];
}

export interface RecordPaymentsRequest {
  'items': (_flashsale_v1_RecordPaymentRequest)[];
}
