// Original file: proto/flashsale/internal/v1/internal.proto


export interface SignedMessageInput {
  'payload'?: (Buffer | Uint8Array | string);
  'keyId'?: (string);
  'mac'?: (Buffer | Uint8Array | string);
}

export interface SignedMessage {
  'payload': (Buffer);
  'keyId': (string);
  'mac': (Buffer);
}
