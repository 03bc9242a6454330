// Original file: proto/flashsale/v1/draw.proto

import type { EntryStateInput as _flashsale_v1_EntryStateInput, EntryState as _flashsale_v1_EntryState } from '../../flashsale/v1/EntryState.ts';
import type { Long } from '@grpc/proto-loader';

export interface EntryInput {
  'sid'?: (number | string | Long);
  'buyer'?: (string);
  'state'?: (_flashsale_v1_EntryStateInput);
  'enteredAtMs'?: (number | string | Long);
  'place'?: (number | string | Long);
  'ahead'?: (number | string | Long);
  'knownAtMs'?: (number | string | Long);
  'orderNo'?: (string);
  'drawId'?: (Buffer | Uint8Array | string);
  'entryId'?: (Buffer | Uint8Array | string);
  'salt'?: (Buffer | Uint8Array | string);
  'signature'?: (Buffer | Uint8Array | string);
  '_place'?: "place";
  '_ahead'?: "ahead";
  '_knownAtMs'?: "knownAtMs";
}

export interface Entry {
  'sid': (number);
  'buyer': (string);
  'state': (_flashsale_v1_EntryState);
  'enteredAtMs': (number);
  'place'?: (number);
  'ahead'?: (number);
  'knownAtMs'?: (number);
  'orderNo': (string);
  'drawId': (Buffer);
  'entryId': (Buffer);
  'salt': (Buffer);
  'signature': (Buffer);
  '_place'?: "place";
  '_ahead'?: "ahead";
  '_knownAtMs'?: "knownAtMs";
}
