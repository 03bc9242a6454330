import type { RedisClient } from '../../db/redis/connect-redis.ts';

/** No stock has an id that is not a number. */
const TAG = '{stock:warm-up}';

/** The same connection with other keys: those of stocks are keys of no stock, so that no limit of a buyer or stock is touched. */
export function withWarmUpKeys(redis: RedisClient): RedisClient {
  const renamed = Object.entries(redis.names).map(([name, of]) => [name, typeof of === 'function' ? rename(of) : of]);
  const names = Object.fromEntries(renamed) as RedisClient['names'];
  return new Proxy(redis, {
    get(target, property) {
      if (property === 'names') return names;
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function rename(of: (...values: never[]) => string) {
  return (...values: never[]) => of(...values).replace(/\{stock:\d+\}/, TAG);
}
