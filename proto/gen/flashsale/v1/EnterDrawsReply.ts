// Original file: proto/flashsale/v1/draw.proto

import type { EnterDrawResultInput as _flashsale_v1_EnterDrawResultInput, EnterDrawResult as _flashsale_v1_EnterDrawResult } from '../../flashsale/v1/EnterDrawResult.ts';

export interface EnterDrawsReplyInput {
  'results'?: (_flashsale_v1_EnterDrawResultInput)[];
}

export interface EnterDrawsReply {
  'results': (_flashsale_v1_EnterDrawResult)[];
}
