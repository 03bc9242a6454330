// Original file: proto/flashsale/v1/draw.proto


export interface VoidAttemptInput {
  'attempt'?: (number);
  'drawId'?: (Buffer | Uint8Array | string);
  'rules'?: (Buffer | Uint8Array | string);
  'reason'?: (string);
}

export interface VoidAttempt {
  'attempt': (number);
  'drawId': (Buffer);
  'rules': (Buffer);
  'reason': (string);
}
