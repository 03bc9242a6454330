// Original file: proto/flashsale/v1/draw.proto

import type { EntryInput as _flashsale_v1_EntryInput, Entry as _flashsale_v1_Entry } from '../../flashsale/v1/Entry.ts';

export interface GetEntriesReplyInput {
  'entries'?: (_flashsale_v1_EntryInput)[];
}

export interface GetEntriesReply {
  'entries': (_flashsale_v1_Entry)[];
}
