import type { IncomingHttpHeaders } from 'node:http';
import type { Stock } from '../../db/stocks/stock-table.ts';
import type { Identity } from '../auth/identity-reader.ts';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { isAdmission } from './admission-token.ts';
import type { DeviceLimit } from './device-limit.ts';

type Settings = Pick<ConsumerConfig, 'ADMISSION' | 'ADMISSION_KEY' | 'REQUIRED_CLAIMS'>;

/** Why a new order of this caller is refused; null: it is not. `stock`: null when it could not be read. */
export type AdmissionCheck = (
  caller: Identity,
  sid: number,
  headers: IncomingHttpHeaders,
  stock: Stock | null,
) => Problem | null;

/** Null: nothing is required of buyers, and nothing costs anything. */
export function createAdmissionCheck(settings: Settings, limitDevice: DeviceLimit | null): AdmissionCheck | null {
  const { ADMISSION, ADMISSION_KEY: keys, REQUIRED_CLAIMS } = settings;
  const needsToken = ADMISSION === 'proof';
  if (!needsToken && REQUIRED_CLAIMS === '' && !limitDevice) return null;
  return (caller, sid, headers, stock) => {
    const { buyer, missingClaim, isVouchedFor } = caller;
    if (missingClaim !== null) return claimRequired(missingClaim);
    if (needsToken && !isVouchedFor && (!stock || isAdmissionNeeded(stock))) {
      const admitted = { sid, buyer, opensAtMs: stock && openingOf(stock) };
      if (!isAdmission(keys, admitted, headers['admission-token'], Date.now()))
        return new Problem('admission_required');
    }
    return limitDevice?.(caller, sid) ?? null;
  };
}

export function claimRequired(claim: string): Problem {
  return new Problem('claim_required', undefined, { claim });
}

/** Draws and lines need no admission step: it would stop nobody who enters for hours, and hurt slow phones. */
export function isAdmissionNeeded({ mode }: Pick<Stock, 'mode'>): boolean {
  return mode === 'rush';
}

export function openingOf({ opensAtMs }: Pick<Stock, 'opensAtMs'>): number {
  return opensAtMs ?? 0;
}
