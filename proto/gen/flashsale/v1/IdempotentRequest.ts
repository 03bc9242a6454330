// Original file: proto/flashsale/v1/idempotent_request.proto


export interface IdempotentRequestInput {
  'caller'?: (string);
  'key'?: (string);
  'digest'?: (string);
}

export interface IdempotentRequest {
  'caller': (string);
  'key': (string);
  'digest': (string);
}
