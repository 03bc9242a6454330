import path from 'node:path';
import { root } from '../set-up/set-up.mjs';
import { isAlive } from './process-identity.ts';
import { readRunFile } from './run-file.ts';

export type FoundSystem = {
  url: string;
  mysqlUrl: string;
  providers: string[];
  redisUrl: string;
  kafkaBrokers: string;
};

/** What `npm start` runs here at this moment; undefined where nothing does. */
export function findSystem(): FoundSystem | undefined {
  const run = readRunFile(path.join(root, '.local'));
  if (run?.state !== 'up' || !isAlive(run.supervisor)) return undefined;
  const { nginx = '', providers = '', mysql = '', redis = '', kafka = '' } = run.addresses;
  return { url: nginx, mysqlUrl: mysql, providers: providers.split(' '), redisUrl: redis, kafkaBrokers: kafka };
}
