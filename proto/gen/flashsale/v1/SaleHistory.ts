// Original file: proto/flashsale/v1/stock.proto

import type { SaleBucketInput as _flashsale_v1_SaleBucketInput, SaleBucket as _flashsale_v1_SaleBucket } from '../../flashsale/v1/SaleBucket.ts';
import type { Long } from '@grpc/proto-loader';

export interface SaleHistoryInput {
  'fromMs'?: (number | string | Long);
  'untilMs'?: (number | string | Long);
  'bucketMs'?: (number | string | Long);
  'buckets'?: (_flashsale_v1_SaleBucketInput)[];
  'opensAtMs'?: (number | string | Long);
  'firstOrderAtMs'?: (number | string | Long);
  'soldOutAtMs'?: (number | string | Long);
  'currency'?: (string);
  '_opensAtMs'?: "opensAtMs";
  '_firstOrderAtMs'?: "firstOrderAtMs";
  '_soldOutAtMs'?: "soldOutAtMs";
}

export interface SaleHistory {
  'fromMs': (number);
  'untilMs': (number);
  'bucketMs': (number);
  'buckets': (_flashsale_v1_SaleBucket)[];
  'opensAtMs'?: (number);
  'firstOrderAtMs'?: (number);
  'soldOutAtMs'?: (number);
  'currency': (string);
  '_opensAtMs'?: "opensAtMs";
  '_firstOrderAtMs'?: "firstOrderAtMs";
  '_soldOutAtMs'?: "soldOutAtMs";
}
