import { type Static, Type } from 'typebox';

/** The settings of a connection to Redis, the same in every process of a system. */
export const redisSettings = {
  REDIS_URL: Type.String({ pattern: '^rediss?://', description: 'redis://host:port; several, with commas: a cluster' }),
  // Neither braces, which choose a cluster's node, nor what an ACL takes for a pattern.
  REDIS_PREFIX: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9._:-]{0,100}$',
    description: 'Begins the name of every key and channel; systems that share a Redis have one each',
  }),
};

const schema = Type.Object(redisSettings);
export type RedisSettings = Static<typeof schema>;
