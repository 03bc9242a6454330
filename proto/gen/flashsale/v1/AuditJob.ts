// Original file: proto/flashsale/v1/stock.proto

import type { AuditStateInput as _flashsale_v1_AuditStateInput, AuditState as _flashsale_v1_AuditState } from '../../flashsale/v1/AuditState.ts';
import type { AuditCheckInput as _flashsale_v1_AuditCheckInput, AuditCheck as _flashsale_v1_AuditCheck } from '../../flashsale/v1/AuditCheck.ts';
import type { Long } from '@grpc/proto-loader';

export interface AuditJobInput {
  'sid'?: (number | string | Long);
  'state'?: (_flashsale_v1_AuditStateInput);
  'checksDone'?: (number);
  'checksTotal'?: (number);
  'ok'?: (boolean);
  'checks'?: (_flashsale_v1_AuditCheckInput)[];
  'error'?: (string);
  'startedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
}

export interface AuditJob {
  'sid': (number);
  'state': (_flashsale_v1_AuditState);
  'checksDone': (number);
  'checksTotal': (number);
  'ok': (boolean);
  'checks': (_flashsale_v1_AuditCheck)[];
  'error': (string);
  'startedAtMs': (number);
  'endedAtMs': (number);
}
