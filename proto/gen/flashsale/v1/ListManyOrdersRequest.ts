// Original file: proto/flashsale/v1/order.proto

import type { ListOrdersRequestInput as _flashsale_v1_ListOrdersRequestInput, ListOrdersRequest as _flashsale_v1_ListOrdersRequest } from '../../flashsale/v1/ListOrdersRequest.ts';

export interface ListManyOrdersRequestInput {
  'lists'?: (_flashsale_v1_ListOrdersRequestInput)[];
}

export interface ListManyOrdersRequest {
  'lists': (_flashsale_v1_ListOrdersRequest)[];
}
