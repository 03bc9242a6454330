// Original file: proto/flashsale/v1/stock.proto

import type { StockInput as _flashsale_v1_StockInput, Stock as _flashsale_v1_Stock } from '../../flashsale/v1/Stock.ts';
import type { ItemFaultInput as _flashsale_v1_ItemFaultInput, ItemFault as _flashsale_v1_ItemFault } from '../../flashsale/v1/ItemFault.ts';

export interface StockResultInput {
  'reply'?: (_flashsale_v1_StockInput | null);
  'fault'?: (_flashsale_v1_ItemFaultInput | null);
}

export interface StockResult {
  'reply': (_flashsale_v1_Stock | null);
  'fault': (_flashsale_v1_ItemFault | null);
}
