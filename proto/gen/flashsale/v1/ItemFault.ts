// Original file: proto/flashsale/v1/item_fault.proto


export interface ItemFaultInput {
  'code'?: (number);
  'details'?: (string);
  'reason'?: (string);
}

export interface ItemFault {
  'code': (number);
  'details': (string);
  'reason': (string);
}
