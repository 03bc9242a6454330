import { readFileSync } from 'node:fs';

export const redisKinds = ['consumer', 'provider', 'order-worker', 'experiments', 'count-nginx'] as const;
/** Processes that use Redis, each kind as a user of its own. */
export type RedisKind = (typeof redisKinds)[number];
export type RedisUser = { name: string; rules: string };

/**
 * Redis' user of each kind of process: its keys, its channels and the commands that it and its client use, as ACL SETUSER takes
 * them (Redis 7 and later). A consumer hears decisions and may not tell any: what it hears is what workers alone can publish. The
 * rules are a file of their own because compose.yaml reads it too: a line for each kind. SELECT is for a URL with a database's
 * number; HELLO, CLUSTER SLOTS and ASKING are the client's. Keys (~) and channels (&) begin with `prefix`, the system's REDIS_PREFIX.
 */
export function redisUsers(prefix: string): Record<RedisKind, RedisUser> {
  const text = readFileSync(new URL('redis-users.acl', import.meta.url), 'utf8');
  const entries = redisKinds.map((kind) => {
    const rules = new RegExp(`^${kind} (.*)$`, 'm').exec(text)?.[1];
    if (rules === undefined) throw new Error(`redis-users.acl has no line of ${kind}`);
    return [kind, { name: `flashsale-${kind}`, rules: rules.replace(/[~&]/g, (sign) => sign + prefix) }];
  });
  return Object.fromEntries(entries);
}
