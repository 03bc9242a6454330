// Original file: proto/flashsale/v1/order.proto

import type { DeadLetterInput as _flashsale_v1_DeadLetterInput, DeadLetter as _flashsale_v1_DeadLetter } from '../../flashsale/v1/DeadLetter.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListDeadLettersReplyInput {
  'letters'?: (_flashsale_v1_DeadLetterInput)[];
  'nextBeforeOffset'?: (number | string | Long);
}

export interface ListDeadLettersReply {
  'letters': (_flashsale_v1_DeadLetter)[];
  'nextBeforeOffset': (number);
}
