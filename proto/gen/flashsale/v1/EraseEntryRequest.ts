// Original file: proto/flashsale/v1/draw.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { Long } from '@grpc/proto-loader';

export interface EraseEntryRequestInput {
  'sid'?: (number | string | Long);
  'buyer'?: (string);
  'actor'?: (_flashsale_v1_ActorInput | null);
}

export interface EraseEntryRequest {
  'sid': (number);
  'buyer': (string);
  'actor': (_flashsale_v1_Actor | null);
}
