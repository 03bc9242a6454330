/**
 * Reads one claim. `path` is the name of a claim (`roles`, `https://shop.example/roles`), or a JSON Pointer (RFC 6901) if it begins with `/`
 * (`/realm_access/roles`).
 */
export function createClaimReader(path: string): (claims: object) => unknown {
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
