// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface SaleBucketInput {
  'index'?: (number);
  'orders'?: (number | string | Long);
  'confirmed'?: (number | string | Long);
  'paid'?: (number | string | Long);
  'paidCents'?: (number | string | Long);
  'toLogMs'?: (number | string);
  'toDecisionMs'?: (number | string);
  'slowestMs'?: (number | string);
  'slow'?: (number | string | Long);
  '_toLogMs'?: "toLogMs";
  '_toDecisionMs'?: "toDecisionMs";
  '_slowestMs'?: "slowestMs";
}

export interface SaleBucket {
  'index': (number);
  'orders': (number);
  'confirmed': (number);
  'paid': (number);
  'paidCents': (number);
  'toLogMs'?: (number);
  'toDecisionMs'?: (number);
  'slowestMs'?: (number);
  'slow': (number);
  '_toLogMs'?: "toLogMs";
  '_toDecisionMs'?: "toDecisionMs";
  '_slowestMs'?: "slowestMs";
}
