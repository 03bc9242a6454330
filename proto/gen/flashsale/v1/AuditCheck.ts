// Original file: proto/flashsale/v1/stock.proto


export interface AuditCheckInput {
  'name'?: (string);
  'ok'?: (boolean);
  'detail'?: (string);
  'result'?: (string);
}

export interface AuditCheck {
  'name': (string);
  'ok': (boolean);
  'detail': (string);
  'result': (string);
}
