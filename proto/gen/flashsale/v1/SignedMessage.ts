// Original file: proto/flashsale/v1/order.proto


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
