// Original file: proto/flashsale/v1/order.proto

import type { OrderPaymentInput as _flashsale_v1_OrderPaymentInput, OrderPayment as _flashsale_v1_OrderPayment } from '../../flashsale/v1/OrderPayment.ts';

export interface PaymentsOfOrderInput {
  'orderNo'?: (string);
  'buyer'?: (string);
  'payments'?: (_flashsale_v1_OrderPaymentInput)[];
}

export interface PaymentsOfOrder {
  'orderNo': (string);
  'buyer': (string);
  'payments': (_flashsale_v1_OrderPayment)[];
}
