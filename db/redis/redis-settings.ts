import { type Static, Type } from 'typebox';

/** The Redis settings, the same in all processes of a system. */
export const redisSettings = {
  REDIS_URL: Type.String({
    pattern: '^rediss?://',
    description: 'redis://host:port. Several, separated by commas: a cluster',
  }),
  // No braces, which select a cluster's node, and no characters that are patterns in an ACL.
  REDIS_PREFIX: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9._:-]{0,100}$',
    description: 'Prefix of all keys and channels. Systems that share a Redis need different ones',
  }),
};

const schema = Type.Object(redisSettings);
export type RedisSettings = Static<typeof schema>;
