// Original file: proto/flashsale/v1/draw.proto

import type { EnterDrawReplyInput as _flashsale_v1_EnterDrawReplyInput, EnterDrawReply as _flashsale_v1_EnterDrawReply } from '../../flashsale/v1/EnterDrawReply.ts';
import type { ItemFaultInput as _flashsale_v1_ItemFaultInput, ItemFault as _flashsale_v1_ItemFault } from '../../flashsale/v1/ItemFault.ts';

export interface EnterDrawResultInput {
  'reply'?: (_flashsale_v1_EnterDrawReplyInput | null);
  'fault'?: (_flashsale_v1_ItemFaultInput | null);
}

export interface EnterDrawResult {
  'reply': (_flashsale_v1_EnterDrawReply | null);
  'fault': (_flashsale_v1_ItemFault | null);
}
