// Original file: proto/flashsale/v1/draw.proto

import type { EnterDrawRequestInput as _flashsale_v1_EnterDrawRequestInput, EnterDrawRequest as _flashsale_v1_EnterDrawRequest } from '../../flashsale/v1/EnterDrawRequest.ts';

export interface EnterDrawsRequestInput {
  'items'?: (_flashsale_v1_EnterDrawRequestInput)[];
}

export interface EnterDrawsRequest {
  'items': (_flashsale_v1_EnterDrawRequest)[];
}
