import path from 'node:path';
import { secondsSince } from '../../command/seconds-since.ts';
import { findKafkaAddress, readConfig } from '../../local/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { isAlive } from '../../local/supervisor/process-identity.ts';
import { readRunFile } from '../../local/supervisor/run-file.ts';
import { prepare } from '../prepare.ts';
import { checkMigrations } from './check-migrations.ts';
import { type DeployOptions, parseDeployOptions } from './deploy-options.mjs';
import { rollCompose } from './roll-compose.ts';
import { rollSystem } from './roll-system.ts';

const startedAt = performance.now();
const print = (line: string) => console.log(line);

/** Deploys to the system of npm start. */
async function deployLocal({ dir, app }: DeployOptions): Promise<void> {
  // A folder from the command line is relative to the current directory.
  const place = dir === '.local' ? path.join(root, dir) : path.resolve(dir);
  const run = readRunFile(place);
  if (!run || !isAlive(run.supervisor)) throw new Error('no system is running: run npm start');
  if (run.state !== 'up') throw new Error(`the system is ${run.state}: wait until it is up`);
  const { mysql = '', mysqlAdmin = '', mysqlPurge = '', kafka = '', nginx = '', consumers = '' } = run.addresses;
  for (const line of await checkMigrations(mysqlAdmin || mysql)) print(line);
  const users = { mysqlUrl: mysql, mysqlAdminUrl: mysqlAdmin, mysqlPurgeUrl: mysqlPurge };
  const config = readConfig();
  await prepare({ ...users, ...findKafkaAddress(config, kafka), topicPrefix: config.TOPIC_PREFIX });
  print('· database and topics … ready');
  await rollSystem({ dir: place, url: nginx, consumers: consumers.split(' '), app, print });
}

try {
  const options = parseDeployOptions(process.argv.slice(2));
  if (options.target === 'local') await deployLocal(options);
  else await rollCompose({ ...options, print });
  print(`· deployed (${secondsSince(startedAt)})`);
} catch (error) {
  console.error(`✗ ${(error as Error).message}`);
  process.exitCode = 1;
}
