// Original file: proto/flashsale/v1/draw.proto

import type { Long } from '@grpc/proto-loader';

export interface EndedAttemptInput {
  'attempt'?: (number);
  'rules'?: (Buffer | Uint8Array | string);
  'drawId'?: (Buffer | Uint8Array | string);
  'entries'?: (number | string | Long);
  'root'?: (Buffer | Uint8Array | string);
  'seed'?: (Buffer | Uint8Array | string);
  'statement'?: (Buffer | Uint8Array | string);
  'beaconRound'?: (number | string | Long);
  'beaconSignature'?: (Buffer | Uint8Array | string);
  'endedAtMs'?: (number | string | Long);
  '_entries'?: "entries";
  '_beaconRound'?: "beaconRound";
  '_endedAtMs'?: "endedAtMs";
}

export interface EndedAttempt {
  'attempt': (number);
  'rules': (Buffer);
  'drawId': (Buffer);
  'entries'?: (number);
  'root': (Buffer);
  'seed': (Buffer);
  'statement': (Buffer);
  'beaconRound'?: (number);
  'beaconSignature': (Buffer);
  'endedAtMs'?: (number);
  '_entries'?: "entries";
  '_beaconRound'?: "beaconRound";
  '_endedAtMs'?: "endedAtMs";
}
