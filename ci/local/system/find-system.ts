import path from 'node:path';
import { root } from '../set-up/set-up.mjs';
import { isAlive } from '../supervisor/process-identity.ts';
import { readRunFile } from '../supervisor/run-file.ts';

export type FoundSystem = {
  url: string;
  mysqlUrl: string;
  mysqlPurgeUrl: string;
  providers: string[];
  redisUrl: string;
  /** Empty for an external server. */
  redisAdminUrl: string;
  kafkaBrokers: string;
};

/** The running system of `npm start`; undefined if none is up. */
export function findSystem(): FoundSystem | undefined {
  const run = readRunFile(path.join(root, '.local'));
  if (run?.state !== 'up' || !isAlive(run.supervisor)) return undefined;
  const {
    nginx = '',
    providers = '',
    mysql = '',
    mysqlPurge = '',
    redis = '',
    redisAdmin = '',
    kafka = '',
  } = run.addresses;
  return {
    url: nginx,
    providers: providers.split(' '),
    kafkaBrokers: kafka,
    mysqlUrl: mysql,
    mysqlPurgeUrl: mysqlPurge,
    redisUrl: redis,
    redisAdminUrl: redisAdmin,
  };
}
