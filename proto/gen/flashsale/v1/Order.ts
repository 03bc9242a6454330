// Original file: proto/flashsale/v1/order.proto

import type { DecisionInput as _flashsale_v1_DecisionInput, Decision as _flashsale_v1_Decision } from '../../flashsale/v1/Decision.ts';
import type { OrderPaymentInput as _flashsale_v1_OrderPaymentInput, OrderPayment as _flashsale_v1_OrderPayment } from '../../flashsale/v1/OrderPayment.ts';
import type { Long } from '@grpc/proto-loader';

export interface OrderInput {
  'orderNo'?: (string);
  'sid'?: (number | string | Long);
  'buyer'?: (string);
  'name'?: (string);
  'state'?: (string);
  'decision'?: (_flashsale_v1_DecisionInput);
  'liveOrderNo'?: (string);
  'priceCents'?: (number | string | Long);
  'createdAtMs'?: (number | string | Long);
  'payByMs'?: (number | string | Long);
  'currency'?: (string);
  'paidAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'decidedBy'?: (string);
  'readAtMs'?: (number | string | Long);
  'mintedAtMs'?: (number | string | Long);
  'appendedAtMs'?: (number | string | Long);
  'logPartition'?: (number);
  'logOffset'?: (number | string | Long);
  'payments'?: (_flashsale_v1_OrderPaymentInput)[];
  'logIndex'?: (number);
  'quantity'?: (number);
  'reference'?: (string);
  'metadata'?: (string);
  'unitsLeft'?: (number);
  '_payByMs'?: "payByMs";
  '_paidAtMs'?: "paidAtMs";
  '_endedAtMs'?: "endedAtMs";
  '_mintedAtMs'?: "mintedAtMs";
  '_appendedAtMs'?: "appendedAtMs";
}

export interface Order {
  'orderNo': (string);
  'sid': (number);
  'buyer': (string);
  'name': (string);
  'state': (string);
  'decision': (_flashsale_v1_Decision);
  'liveOrderNo': (string);
  'priceCents': (number);
  'createdAtMs': (number);
  'payByMs'?: (number);
  'currency': (string);
  'paidAtMs'?: (number);
  'endedAtMs'?: (number);
  'decidedBy': (string);
  'readAtMs': (number);
  'mintedAtMs'?: (number);
  'appendedAtMs'?: (number);
  'logPartition': (number);
  'logOffset': (number);
  'payments': (_flashsale_v1_OrderPayment)[];
  'logIndex': (number);
  'quantity': (number);
  'reference': (string);
  'metadata': (string);
  'unitsLeft': (number);
  '_payByMs'?: "payByMs";
  '_paidAtMs'?: "paidAtMs";
  '_endedAtMs'?: "endedAtMs";
  '_mintedAtMs'?: "mintedAtMs";
  '_appendedAtMs'?: "appendedAtMs";
}
