import { isBuyer } from '../../proto/messages/order-record.ts';
import { parseRoleNames } from '../settings/parse-role-names.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import type { Claims } from './token-verifier.ts';

export type Identity = {
  /** The value of `BUYER_CLAIM`: 1 to 255 visible ASCII characters. */
  buyer: string;
  roles: string[];
  /** `exp` of the token, in milliseconds since 1970. */
  untilMs: number;
};

type Settings = Pick<ConsumerConfig, 'BUYER_CLAIM' | 'ROLES_CLAIM' | 'ROLE_NAMES'>;

/** Reads the caller from the claims of a verified token; null when the token names no buyer. */
export function createIdentityReader(settings: Settings): (claims: Claims) => Identity | null {
  const readBuyer = createClaimReader(settings.BUYER_CLAIM);
  const readRoles = createClaimReader(settings.ROLES_CLAIM);
  const rolesOfName = parseRoleNames(settings.ROLE_NAMES);
  return (claims) => {
    const buyer = readBuyer(claims);
    if (typeof buyer !== 'string' || !isBuyer(buyer)) return null;
    const value = readRoles(claims);
    const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
    const roles = rolesOfName.size === 0 ? names : names.flatMap((name) => rolesOfName.get(name) ?? []);
    return { buyer, roles, untilMs: claims.exp * 1000 };
  };
}

/**
 * Reads one claim. `path` is the name of a claim (`roles`, `https://shop.example/roles`), or a JSON Pointer (RFC 6901) if it begins with `/`
 * (`/realm_access/roles`).
 */
function createClaimReader(path: string): (claims: object) => unknown {
  if (!path.startsWith('/')) return (claims) => ownValue(claims, path);
  const names = path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return (claims) => names.reduce<unknown>(ownValue, claims);
}

function ownValue(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
