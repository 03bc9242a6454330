// Original file: proto/flashsale/v1/draw.proto

import type { DrawStateInput as _flashsale_v1_DrawStateInput, DrawState as _flashsale_v1_DrawState } from '../../flashsale/v1/DrawState.ts';
import type { VoidAttemptInput as _flashsale_v1_VoidAttemptInput, VoidAttempt as _flashsale_v1_VoidAttempt } from '../../flashsale/v1/VoidAttempt.ts';
import type { EndedAttemptInput as _flashsale_v1_EndedAttemptInput, EndedAttempt as _flashsale_v1_EndedAttempt } from '../../flashsale/v1/EndedAttempt.ts';
import type { Long } from '@grpc/proto-loader';

export interface DrawInput {
  'sid'?: (number | string | Long);
  'mode'?: (string);
  'attempt'?: (number);
  'state'?: (_flashsale_v1_DrawStateInput);
  'rules'?: (Buffer | Uint8Array | string);
  'drawId'?: (Buffer | Uint8Array | string);
  'entries'?: (number | string | Long);
  'root'?: (Buffer | Uint8Array | string);
  'seed'?: (Buffer | Uint8Array | string);
  'statement'?: (Buffer | Uint8Array | string);
  'statedAtMs'?: (number | string | Long);
  'beaconRound'?: (number | string | Long);
  'randomness'?: (Buffer | Uint8Array | string);
  'beaconSignature'?: (Buffer | Uint8Array | string);
  'drawnAtMs'?: (number | string | Long);
  'offeredPlace'?: (number | string | Long);
  'lastPlace'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'voidAttempts'?: (_flashsale_v1_VoidAttemptInput)[];
  'knownAtMs'?: (number | string | Long);
  'freshForMs'?: (number);
  'entriesOpenAtMs'?: (number | string | Long);
  'entriesCloseAtMs'?: (number | string | Long);
  'endedAttempts'?: (_flashsale_v1_EndedAttemptInput)[];
  '_entries'?: "entries";
  '_statedAtMs'?: "statedAtMs";
  '_beaconRound'?: "beaconRound";
  '_drawnAtMs'?: "drawnAtMs";
  '_endedAtMs'?: "endedAtMs";
  '_knownAtMs'?: "knownAtMs";
}

export interface Draw {
  'sid': (number);
  'mode': (string);
  'attempt': (number);
  'state': (_flashsale_v1_DrawState);
  'rules': (Buffer);
  'drawId': (Buffer);
  'entries'?: (number);
  'root': (Buffer);
  'seed': (Buffer);
  'statement': (Buffer);
  'statedAtMs'?: (number);
  'beaconRound'?: (number);
  'randomness': (Buffer);
  'beaconSignature': (Buffer);
  'drawnAtMs'?: (number);
  'offeredPlace': (number);
  'lastPlace': (number);
  'endedAtMs'?: (number);
  'voidAttempts': (_flashsale_v1_VoidAttempt)[];
  'knownAtMs'?: (number);
  'freshForMs': (number);
  'entriesOpenAtMs': (number);
  'entriesCloseAtMs': (number);
  'endedAttempts': (_flashsale_v1_EndedAttempt)[];
  '_entries'?: "entries";
  '_statedAtMs'?: "statedAtMs";
  '_beaconRound'?: "beaconRound";
  '_drawnAtMs'?: "drawnAtMs";
  '_endedAtMs'?: "endedAtMs";
  '_knownAtMs'?: "knownAtMs";
}
