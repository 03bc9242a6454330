// Original file: proto/flashsale/v1/draw.proto


export interface EndedAttemptInput {
  'attempt'?: (number);
  'rules'?: (Buffer | Uint8Array | string);
}

export interface EndedAttempt {
  'attempt': (number);
  'rules': (Buffer);
}
