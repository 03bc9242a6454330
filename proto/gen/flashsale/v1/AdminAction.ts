// Original file: proto/flashsale/v1/stock.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { Long } from '@grpc/proto-loader';

export interface AdminActionInput {
  'actionId'?: (number | string | Long);
  'atMs'?: (number | string | Long);
  'actor'?: (_flashsale_v1_ActorInput | null);
  'action'?: (string);
  'target'?: (string);
  'detail'?: (string);
}

export interface AdminAction {
  'actionId': (number);
  'atMs': (number);
  'actor': (_flashsale_v1_Actor | null);
  'action': (string);
  'target': (string);
  'detail': (string);
}
