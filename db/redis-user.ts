import { readFileSync } from 'node:fs';

/**
 * The processes' Redis user: their keys, their channels and the commands they and their client use, as ACL SETUSER takes them.
 * The rules are a file of their own because compose.yaml reads it too. SELECT is for a URL with a database's number; HELLO,
 * CLUSTER SLOTS and ASKING are the client's. Keys (~) and channels (&) begin with `prefix`, the system's REDIS_PREFIX.
 */
export function redisUser(prefix: string) {
  const rules = readFileSync(new URL('redis-user.acl', import.meta.url), 'utf8').trim();
  return { name: 'flashsale', rules: rules.replace(/[~&]/g, (sign) => sign + prefix) };
}
