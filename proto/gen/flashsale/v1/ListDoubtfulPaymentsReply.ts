// Original file: proto/flashsale/v1/order.proto

import type { DoubtfulPaymentInput as _flashsale_v1_DoubtfulPaymentInput, DoubtfulPayment as _flashsale_v1_DoubtfulPayment } from '../../flashsale/v1/DoubtfulPayment.ts';

export interface ListDoubtfulPaymentsReplyInput {
  'payments'?: (_flashsale_v1_DoubtfulPaymentInput)[];
}

export interface ListDoubtfulPaymentsReply {
  'payments': (_flashsale_v1_DoubtfulPayment)[];
}
