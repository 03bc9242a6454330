// Original file: proto/flashsale/v1/order.proto

import type { RecordPaymentOutcomeInput as _flashsale_v1_RecordPaymentOutcomeInput, RecordPaymentOutcome as _flashsale_v1_RecordPaymentOutcome } from '../../flashsale/v1/RecordPaymentOutcome.ts';

export interface SettlePaymentReplyInput {
  'outcome'?: (_flashsale_v1_RecordPaymentOutcomeInput);
  'repeatedEvent'?: (boolean);
}

export interface SettlePaymentReply {
  'outcome': (_flashsale_v1_RecordPaymentOutcome);
  'repeatedEvent': (boolean);
}
