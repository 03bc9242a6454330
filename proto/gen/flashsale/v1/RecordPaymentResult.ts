// Original file: proto/flashsale/v1/order.proto

import type { RecordPaymentReplyInput as _flashsale_v1_RecordPaymentReplyInput, RecordPaymentReply as _flashsale_v1_RecordPaymentReply } from '../../flashsale/v1/RecordPaymentReply.ts';
import type { ItemFaultInput as _flashsale_v1_ItemFaultInput, ItemFault as _flashsale_v1_ItemFault } from '../../flashsale/v1/ItemFault.ts';

export interface RecordPaymentResultInput {
  'reply'?: (_flashsale_v1_RecordPaymentReplyInput | null);
  'fault'?: (_flashsale_v1_ItemFaultInput | null);
}

export interface RecordPaymentResult {
  'reply': (_flashsale_v1_RecordPaymentReply | null);
  'fault': (_flashsale_v1_ItemFault | null);
}
