import { isBuyer } from '../../proto/messages/order-record.ts';
import { parseRoleNames } from '../settings/parse-role-names.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { createClaimReader } from './claim-reader.ts';
import { createClaimCheck, isTrue } from './required-claims.ts';
import type { Claims } from './token-verifier.ts';

export type Identity = {
  /** The value of `BUYER_CLAIM`: 1 to 255 visible ASCII characters. */
  buyer: string;
  roles: string[];
  /** `exp` of the token, in milliseconds since 1970. */
  untilMs: number;
  /** The first of REQUIRED_CLAIMS that the token does not have; null: it has all. */
  missingClaim: string | null;
  /** ADMISSION_CLAIM admits this buyer without a proof of work. */
  isVouchedFor: boolean;
  /** The value of DEVICE_CLAIM: a text, or a number as one. Null: the token has none. */
  device: string | null;
};

type Settings = Pick<
  ConsumerConfig,
  'BUYER_CLAIM' | 'ROLES_CLAIM' | 'ROLE_NAMES' | 'REQUIRED_CLAIMS' | 'ADMISSION_CLAIM' | 'DEVICE_CLAIM'
>;

const MAX_DEVICE = 255;

/** Reads the caller from the claims of a verified token; null when the token names no buyer. */
export function createIdentityReader(settings: Settings): (claims: Claims) => Identity | null {
  const readBuyer = createClaimReader(settings.BUYER_CLAIM);
  const readRoles = createClaimReader(settings.ROLES_CLAIM);
  const rolesOfName = parseRoleNames(settings.ROLE_NAMES);
  const findMissing = settings.REQUIRED_CLAIMS === '' ? () => null : createClaimCheck(settings.REQUIRED_CLAIMS);
  const readVoucher = settings.ADMISSION_CLAIM === '' ? () => false : createClaimReader(settings.ADMISSION_CLAIM);
  const readDevice = settings.DEVICE_CLAIM === '' ? () => null : createClaimReader(settings.DEVICE_CLAIM);
  return (claims) => {
    const buyer = readBuyer(claims);
    if (typeof buyer !== 'string' || !isBuyer(buyer)) return null;
    const value = readRoles(claims);
    const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
    const roles = rolesOfName.size === 0 ? names : names.flatMap((name) => rolesOfName.get(name) ?? []);
    const [missingClaim, isVouchedFor] = [findMissing(claims), isTrue(readVoucher(claims))];
    return {
      buyer,
      roles,
      untilMs: claims.exp * 1000,
      missingClaim,
      isVouchedFor,
      device: deviceOf(readDevice(claims)),
    };
  };
}

/** A longer text is cut: it is kept in memory. */
function deviceOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_DEVICE) : null;
}
