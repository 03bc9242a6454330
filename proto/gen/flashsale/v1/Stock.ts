// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface StockInput {
  'sid'?: (number | string | Long);
  'name'?: (string);
  'count'?: (number | string | Long);
  'sale'?: (number | string | Long);
  'version'?: (number | string | Long);
  'kind'?: (string);
  'priceCents'?: (number | string | Long);
  'opensAtMs'?: (number | string | Long);
  'closesAtMs'?: (number | string | Long);
  'paused'?: (boolean);
  'readAtMs'?: (number | string | Long);
  'freshForMs'?: (number);
  'currency'?: (string);
  'hidden'?: (boolean);
  'maxPerOrder'?: (number);
  'reference'?: (string);
  'metadata'?: (string);
  'description'?: (string);
  'pictureUrl'?: (string);
  'compareAtPriceCents'?: (number | string | Long);
  'mode'?: (string);
  'offersOnly'?: (boolean);
  'entriesOpenAtMs'?: (number | string | Long);
  'entriesCloseAtMs'?: (number | string | Long);
  'lineState'?: (string);
  '_opensAtMs'?: "opensAtMs";
  '_closesAtMs'?: "closesAtMs";
  '_entriesOpenAtMs'?: "entriesOpenAtMs";
  '_entriesCloseAtMs'?: "entriesCloseAtMs";
}

export interface Stock {
  'sid': (number);
  'name': (string);
  'count': (number);
  'sale': (number);
  'version': (number);
  'kind': (string);
  'priceCents': (number);
  'opensAtMs'?: (number);
  'closesAtMs'?: (number);
  'paused': (boolean);
  'readAtMs': (number);
  'freshForMs': (number);
  'currency': (string);
  'hidden': (boolean);
  'maxPerOrder': (number);
  'reference': (string);
  'metadata': (string);
  'description': (string);
  'pictureUrl': (string);
  'compareAtPriceCents': (number);
  'mode': (string);
  'offersOnly': (boolean);
  'entriesOpenAtMs'?: (number);
  'entriesCloseAtMs'?: (number);
  'lineState': (string);
  '_opensAtMs'?: "opensAtMs";
  '_closesAtMs'?: "closesAtMs";
  '_entriesOpenAtMs'?: "entriesOpenAtMs";
  '_entriesCloseAtMs'?: "entriesCloseAtMs";
}
