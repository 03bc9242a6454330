// Original file: proto/flashsale/v1/stock.proto

import type { AdminActionInput as _flashsale_v1_AdminActionInput, AdminAction as _flashsale_v1_AdminAction } from '../../flashsale/v1/AdminAction.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListActionsReplyInput {
  'actions'?: (_flashsale_v1_AdminActionInput)[];
  'nextBeforeId'?: (number | string | Long);
}

export interface ListActionsReply {
  'actions': (_flashsale_v1_AdminAction)[];
  'nextBeforeId': (number);
}
