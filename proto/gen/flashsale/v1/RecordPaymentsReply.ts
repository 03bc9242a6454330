// Original file: proto/flashsale/v1/order.proto

import type { RecordPaymentResultInput as _flashsale_v1_RecordPaymentResultInput, RecordPaymentResult as _flashsale_v1_RecordPaymentResult } from '../../flashsale/v1/RecordPaymentResult.ts';

export interface RecordPaymentsReplyInput {
  'results'?: (_flashsale_v1_RecordPaymentResultInput)[];
}

export interface RecordPaymentsReply {
  'results': (_flashsale_v1_RecordPaymentResult)[];
}
