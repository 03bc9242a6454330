// Original file: proto/flashsale/v1/order.proto


export interface FindPaymentsRequestInput {
  'orderNos'?: (string)[];
  'paymentIds'?: (string)[];
}

export interface FindPaymentsRequest {
  'orderNos': (string)[];
  'paymentIds': (string)[];
}
