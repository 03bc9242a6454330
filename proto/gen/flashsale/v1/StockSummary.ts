// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface StockSummaryInput {
  'count'?: (number | string | Long);
  'sale'?: (number | string | Long);
  'currency'?: (string);
  'opensAtMs'?: (number | string | Long);
  'unpaidUnits'?: (number | string | Long);
  'paidUnits'?: (number | string | Long);
  'refundedUnits'?: (number | string | Long);
  'expiredUnits'?: (number | string | Long);
  'cancelledUnits'?: (number | string | Long);
  'confirmedOrders'?: (number | string | Long);
  'paidOrders'?: (number | string | Long);
  'refusedOrders'?: (number | string | Long);
  'buyers'?: (number | string | Long);
  'revenueCents'?: (number | string | Long);
  'refundedCents'?: (number | string | Long);
  'firstOrderAtMs'?: (number | string | Long);
  'soldOutAtMs'?: (number | string | Long);
  'unpaidCents'?: (number | string | Long);
  'expiredCents'?: (number | string | Long);
  'cancelledCents'?: (number | string | Long);
  'lastOrderAtMs'?: (number | string | Long);
  '_opensAtMs'?: "opensAtMs";
  '_firstOrderAtMs'?: "firstOrderAtMs";
  '_soldOutAtMs'?: "soldOutAtMs";
  '_unpaidCents'?: "unpaidCents";
  '_expiredCents'?: "expiredCents";
  '_cancelledCents'?: "cancelledCents";
  '_lastOrderAtMs'?: "lastOrderAtMs";
}

export interface StockSummary {
  'count': (number);
  'sale': (number);
  'currency': (string);
  'opensAtMs'?: (number);
  'unpaidUnits': (number);
  'paidUnits': (number);
  'refundedUnits': (number);
  'expiredUnits': (number);
  'cancelledUnits': (number);
  'confirmedOrders': (number);
  'paidOrders': (number);
  'refusedOrders': (number);
  'buyers': (number);
  'revenueCents': (number);
  'refundedCents': (number);
  'firstOrderAtMs'?: (number);
  'soldOutAtMs'?: (number);
  'unpaidCents'?: (number);
  'expiredCents'?: (number);
  'cancelledCents'?: (number);
  'lastOrderAtMs'?: (number);
  '_opensAtMs'?: "opensAtMs";
  '_firstOrderAtMs'?: "firstOrderAtMs";
  '_soldOutAtMs'?: "soldOutAtMs";
  '_unpaidCents'?: "unpaidCents";
  '_expiredCents'?: "expiredCents";
  '_cancelledCents'?: "cancelledCents";
  '_lastOrderAtMs'?: "lastOrderAtMs";
}
