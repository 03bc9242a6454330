import { Type } from 'typebox';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { claimName } from './claim-name.ts';

/** Who may order: docs/bots.md. */
export const admissionSettings = {
  ADMISSION: Type.Enum(['off', 'proof'], {
    default: 'off',
    description:
      'proof: an order of a rush stock needs an admission token, which a buyer gets for a proof of work before the opening',
  }),
  ADMISSION_KEY: Type.String({
    default: '',
    description:
      'Secrets of challenges and admission tokens, comma-separated, at least 32 characters each: the first signs, all are accepted. The same for all consumers; required with ADMISSION=proof',
  }),
  ADMISSION_WORK: Type.Integer({
    minimum: 1,
    maximum: 10_000_000,
    default: 10_000,
    description:
      'Keys that the hardest proof of work derives, of 2000 iterations of PBKDF2 each; half of it on average. The same for all buyers',
  }),
  ADMISSION_LEAD: Type.Integer({
    minimum: 60,
    maximum: 604_800,
    default: 3600,
    description: 'Time before the opening from which buyers get their challenge',
    unit: 's',
  }),
  ADMISSION_CLAIM: claimName(
    '',
    'Claim that admits without a proof of work, such as phone_verified; a value that begins with / is a JSON Pointer. Empty: none',
  ),
  BLOCK_LIMIT: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
    description:
      'Orders of one block of addresses (IPv4 /24, IPv6 /56) in each consumer; further ones get 429. Many buyers may share a block. 0: no limit',
    unit: '1/s',
  }),
  DEVICE_CLAIM: claimName(
    '',
    'Claim with a signal of the device, which the shop’s identity provider puts into tokens; a value that begins with / is a JSON Pointer. Empty: none',
  ),
  DEVICE_LIMIT: Type.Integer({
    minimum: 0,
    maximum: 1000,
    default: 0,
    description:
      'Buyers who may order or enter from one device (DEVICE_CLAIM), for each stock and DEVICE_WINDOW, in each consumer; further ones get 429. 0: no limit',
  }),
  DEVICE_WINDOW: Type.Integer({
    minimum: 1,
    maximum: 604_800,
    default: 3600,
    description: 'Time for which DEVICE_LIMIT counts',
    unit: 's',
  }),
  REQUIRED_CLAIMS: Type.String({
    default: '',
    maxLength: 2000,
    pattern: '^[^,<=]+(>=[0-9]{1,15})?(,[^,<=]+(>=[0-9]{1,15})?)*$|^$',
    description:
      'Claims that a token needs for an order or an entry, comma-separated, such as phone_verified,account_age_days>=30; others get 403. Empty: none',
  }),
  RISK_URL: Type.String({
    default: '',
    pattern: '^(https?://[^/\\s]+(/\\S*)?)?$',
    description:
      'URL of the shop’s risk service, which allows or denies each order and entry of a buyer before it is new. Empty: none',
  }),
  RISK_DEADLINE_MS: Type.Integer({
    minimum: 10,
    maximum: 1000,
    default: deadlines.RISK_DEADLINE_MS.ms,
    description: 'Maximum wait of an order or entry for the risk service',
    unit: 'ms',
  }),
  RISK_FAILS: Type.Enum(['open', 'closed'], {
    default: 'open',
    description:
      'When the risk service gives no answer in time. open: the order or entry is allowed; closed: it gets 503 and may be sent again',
  }),
};
