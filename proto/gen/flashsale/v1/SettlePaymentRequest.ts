// Original file: proto/flashsale/v1/order.proto

import type { GatewayStateInput as _flashsale_v1_GatewayStateInput, GatewayState as _flashsale_v1_GatewayState } from '../../flashsale/v1/GatewayState.ts';
import type { Long } from '@grpc/proto-loader';

export interface SettlePaymentRequestInput {
  'gateway'?: (string);
  'paymentId'?: (string);
  'sessionId'?: (string);
  'state'?: (_flashsale_v1_GatewayStateInput);
  'orderNo'?: (string);
  'amountCents'?: (number | string | Long);
  'currency'?: (string);
  'chargeId'?: (string);
  'refundedCents'?: (number | string | Long);
  'dispute'?: (string);
}

export interface SettlePaymentRequest {
  'gateway': (string);
  'paymentId': (string);
  'sessionId': (string);
  'state': (_flashsale_v1_GatewayState);
  'orderNo': (string);
  'amountCents': (number);
  'currency': (string);
  'chargeId': (string);
  'refundedCents': (number);
  'dispute': (string);
}
