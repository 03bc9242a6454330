// Original file: proto/flashsale/v1/order.proto


export interface ListDoubtfulPaymentsRequestInput {
  'pageSize'?: (number);
}

export interface ListDoubtfulPaymentsRequest {
  'pageSize': (number);
}
