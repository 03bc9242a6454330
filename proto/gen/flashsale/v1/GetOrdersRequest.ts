// Original file: proto/flashsale/v1/order.proto


export interface GetOrdersRequestInput {
  'orderNos'?: (string)[];
}

export interface GetOrdersRequest {
  'orderNos': (string)[];
}
