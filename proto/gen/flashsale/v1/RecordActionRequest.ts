// Original file: proto/flashsale/v1/stock.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';

export interface RecordActionRequestInput {
  'actor'?: (_flashsale_v1_ActorInput | null);
  'action'?: (string);
  'target'?: (string);
  'detail'?: (string);
}

export interface RecordActionRequest {
  'actor': (_flashsale_v1_Actor | null);
  'action': (string);
  'target': (string);
  'detail': (string);
}
