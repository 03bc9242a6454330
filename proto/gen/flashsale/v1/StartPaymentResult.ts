// Original file: proto/flashsale/v1/order.proto

import type { StartPaymentReplyInput as _flashsale_v1_StartPaymentReplyInput, StartPaymentReply as _flashsale_v1_StartPaymentReply } from '../../flashsale/v1/StartPaymentReply.ts';
import type { ItemFaultInput as _flashsale_v1_ItemFaultInput, ItemFault as _flashsale_v1_ItemFault } from '../../flashsale/v1/ItemFault.ts';

export interface StartPaymentResultInput {
  'reply'?: (_flashsale_v1_StartPaymentReplyInput | null);
  'fault'?: (_flashsale_v1_ItemFaultInput | null);
}

export interface StartPaymentResult {
  'reply': (_flashsale_v1_StartPaymentReply | null);
  'fault': (_flashsale_v1_ItemFault | null);
}
