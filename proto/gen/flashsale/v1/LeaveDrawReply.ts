// Original file: proto/flashsale/v1/draw.proto

import type { LeaveOutcomeInput as _flashsale_v1_LeaveOutcomeInput, LeaveOutcome as _flashsale_v1_LeaveOutcome } from '../../flashsale/v1/LeaveOutcome.ts';
import type { EntryInput as _flashsale_v1_EntryInput, Entry as _flashsale_v1_Entry } from '../../flashsale/v1/Entry.ts';

export interface LeaveDrawReplyInput {
  'outcome'?: (_flashsale_v1_LeaveOutcomeInput);
  'entry'?: (_flashsale_v1_EntryInput | null);
}

export interface LeaveDrawReply {
  'outcome': (_flashsale_v1_LeaveOutcome);
  'entry': (_flashsale_v1_Entry | null);
}
