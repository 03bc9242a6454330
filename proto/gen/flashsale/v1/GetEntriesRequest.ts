// Original file: proto/flashsale/v1/draw.proto

import type { EntryOfStockInput as _flashsale_v1_EntryOfStockInput, EntryOfStock as _flashsale_v1_EntryOfStock } from '../../flashsale/v1/EntryOfStock.ts';

export interface GetEntriesRequestInput {
  'pairs'?: (_flashsale_v1_EntryOfStockInput)[];
}

export interface GetEntriesRequest {
  'pairs': (_flashsale_v1_EntryOfStock)[];
}
