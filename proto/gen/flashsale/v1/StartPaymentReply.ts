// Original file: proto/flashsale/v1/order.proto

import type { StartPaymentOutcomeInput as _flashsale_v1_StartPaymentOutcomeInput, StartPaymentOutcome as _flashsale_v1_StartPaymentOutcome } from '../../flashsale/v1/StartPaymentOutcome.ts';
import type { OrderInput as _flashsale_v1_OrderInput, Order as _flashsale_v1_Order } from '../../flashsale/v1/Order.ts';
import type { Long } from '@grpc/proto-loader';

export interface StartPaymentReplyInput {
  'outcome'?: (_flashsale_v1_StartPaymentOutcomeInput);
  'paymentId'?: (string);
  'amountCents'?: (number | string | Long);
  'currency'?: (string);
  'order'?: (_flashsale_v1_OrderInput | null);
  'gateway'?: (string);
  'returnUrl'?: (string);
  'sessionUntilMs'?: (number | string | Long);
  'sessionUrl'?: (string);
  'name'?: (string);
}

export interface StartPaymentReply {
  'outcome': (_flashsale_v1_StartPaymentOutcome);
  'paymentId': (string);
  'amountCents': (number);
  'currency': (string);
  'order': (_flashsale_v1_Order | null);
  'gateway': (string);
  'returnUrl': (string);
  'sessionUntilMs': (number);
  'sessionUrl': (string);
  'name': (string);
}
