// Original file: proto/flashsale/v1/draw.proto

import type { DrawInput as _flashsale_v1_DrawInput, Draw as _flashsale_v1_Draw } from '../../flashsale/v1/Draw.ts';
import type { Long } from '@grpc/proto-loader';

export interface DrawSummaryInput {
  'draw'?: (_flashsale_v1_DrawInput | null);
  'waiting'?: (number | string | Long);
  'offered'?: (number | string | Long);
  'left'?: (number | string | Long);
  'enteredLastMinute'?: (number | string | Long);
  'reachesAtMost'?: (number | string | Long);
  '_reachesAtMost'?: "reachesAtMost";
}

export interface DrawSummary {
  'draw': (_flashsale_v1_Draw | null);
  'waiting': (number);
  'offered': (number);
  'left': (number);
  'enteredLastMinute': (number);
  'reachesAtMost'?: (number);
  '_reachesAtMost'?: "reachesAtMost";
}
