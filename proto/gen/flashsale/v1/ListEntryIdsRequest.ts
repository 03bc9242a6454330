// Original file: proto/flashsale/v1/draw.proto

import type { Long } from '@grpc/proto-loader';

export interface ListEntryIdsRequestInput {
  'sid'?: (number | string | Long);
  'afterId'?: (Buffer | Uint8Array | string);
  'pageSize'?: (number);
  'leftOnly'?: (boolean);
  'attempt'?: (number);
  'entries'?: (number | string | Long);
}

export interface ListEntryIdsRequest {
  'sid': (number);
  'afterId': (Buffer);
  'pageSize': (number);
  'leftOnly': (boolean);
  'attempt': (number);
  'entries': (number);
}
