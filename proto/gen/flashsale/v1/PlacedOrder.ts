// Original file: proto/flashsale/v1/order.proto

import type { PlacementInput as _flashsale_v1_PlacementInput, Placement as _flashsale_v1_Placement } from '../../flashsale/v1/Placement.ts';
import type { DecidedOrderInput as _flashsale_v1_DecidedOrderInput, DecidedOrder as _flashsale_v1_DecidedOrder } from '../../flashsale/v1/DecidedOrder.ts';
import type { Long } from '@grpc/proto-loader';

export interface PlacedOrderInput {
  'orderNo'?: (string);
  'placement'?: (_flashsale_v1_PlacementInput);
  'decided'?: (_flashsale_v1_DecidedOrderInput | null);
  'opensAtMs'?: (number | string | Long);
  'stampMs'?: (number | string | Long);
  'left'?: (number | string | Long);
  'maxPerOrder'?: (number);
}

export interface PlacedOrder {
  'orderNo': (string);
  'placement': (_flashsale_v1_Placement);
  'decided': (_flashsale_v1_DecidedOrder | null);
  'opensAtMs': (number);
  'stampMs': (number);
  'left': (number);
  'maxPerOrder': (number);
}
