// Original file: proto/flashsale/v1/order.proto

import type { RefundFailureInput as _flashsale_v1_RefundFailureInput, RefundFailure as _flashsale_v1_RefundFailure } from '../../flashsale/v1/RefundFailure.ts';
import type { Long } from '@grpc/proto-loader';

export interface RefundStockReplyInput {
  'refunded'?: (number);
  'failed'?: (_flashsale_v1_RefundFailureInput)[];
  'remaining'?: (number | string | Long);
}

export interface RefundStockReply {
  'refunded': (number);
  'failed': (_flashsale_v1_RefundFailure)[];
  'remaining': (number);
}
