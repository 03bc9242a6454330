// Original file: proto/flashsale/v1/draw.proto

import type { EnterOutcomeInput as _flashsale_v1_EnterOutcomeInput, EnterOutcome as _flashsale_v1_EnterOutcome } from '../../flashsale/v1/EnterOutcome.ts';
import type { EntryInput as _flashsale_v1_EntryInput, Entry as _flashsale_v1_Entry } from '../../flashsale/v1/Entry.ts';
import type { Long } from '@grpc/proto-loader';

export interface EnterDrawReplyInput {
  'outcome'?: (_flashsale_v1_EnterOutcomeInput);
  'entry'?: (_flashsale_v1_EntryInput | null);
  'knownAtMs'?: (number | string | Long);
}

export interface EnterDrawReply {
  'outcome': (_flashsale_v1_EnterOutcome);
  'entry': (_flashsale_v1_Entry | null);
  'knownAtMs': (number);
}
