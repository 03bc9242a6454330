// Original file: proto/flashsale/v1/stock.proto


export interface RowFaultInput {
  'row'?: (number);
  'field'?: (string);
  'description'?: (string);
}

export interface RowFault {
  'row': (number);
  'field': (string);
  'description': (string);
}
