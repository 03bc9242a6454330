// Original file: proto/flashsale/v1/stock.proto

import type { AuditCheckInput as _flashsale_v1_AuditCheckInput, AuditCheck as _flashsale_v1_AuditCheck } from '../../flashsale/v1/AuditCheck.ts';

export interface AuditStockReplyInput {
  'ok'?: (boolean);
  'checks'?: (_flashsale_v1_AuditCheckInput)[];
}

export interface AuditStockReply {
  'ok': (boolean);
  'checks': (_flashsale_v1_AuditCheck)[];
}
