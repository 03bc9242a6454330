// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface DeadLetterInput {
  'deadOffset'?: (number | string | Long);
  'partition'?: (number);
  'recordOffset'?: (number | string | Long);
  'index'?: (number);
  'atMs'?: (number | string | Long);
  'reason'?: (string);
  'orderNos'?: (string)[];
  'hasValue'?: (boolean);
  'bytes'?: (number);
  '_partition'?: "partition";
  '_recordOffset'?: "recordOffset";
  '_index'?: "index";
}

export interface DeadLetter {
  'deadOffset': (number);
  'partition'?: (number);
  'recordOffset'?: (number);
  'index'?: (number);
  'atMs': (number);
  'reason': (string);
  'orderNos': (string)[];
  'hasValue': (boolean);
  'bytes': (number);
  '_partition'?: "partition";
  '_recordOffset'?: "recordOffset";
  '_index'?: "index";
}
