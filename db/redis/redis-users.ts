import { readFileSync } from 'node:fs';

export const redisKinds = ['consumer', 'provider', 'order-worker', 'experiments', 'count-nginx'] as const;
/** The kinds of processes that use Redis. Each has its own Redis user. */
export type RedisKind = (typeof redisKinds)[number];
export type RedisUser = { name: string; rules: string };

/**
 * The Redis user of each kind of process: its keys, its channels and the commands of the process and its client, in the form of
 * ACL SETUSER (Redis 7 and later). A consumer may subscribe to decisions but not publish them; only workers may. The rules are in
 * redis-users.acl, one line for each kind, because compose.yaml reads them too. SELECT is for a URL with a database number; HELLO,
 * CLUSTER SLOTS and ASKING are for the client. Keys (~) and channels (&) begin with `prefix`, the system's REDIS_PREFIX.
 */
export function redisUsers(prefix: string): Record<RedisKind, RedisUser> {
  const text = readFileSync(new URL('redis-users.acl', import.meta.url), 'utf8');
  const entries = redisKinds.map((kind) => {
    const rules = new RegExp(`^${kind} (.*)$`, 'm').exec(text)?.[1];
    if (rules === undefined) throw new Error(`redis-users.acl has no line for ${kind}`);
    return [kind, { name: `flashsale-${kind}`, rules: rules.replace(/[~&]/g, (sign) => sign + prefix) }];
  });
  return Object.fromEntries(entries);
}
