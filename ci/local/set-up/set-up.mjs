import path from 'node:path';
import { fetchKafka, kafkaIsFetched } from './fetch-kafka.mjs';
import { findChromium, findJava, findProgram } from './find-program.mjs';
import { installDebianPackages } from './install-debian-packages.mjs';
import { installNpmPackages } from './install-npm-packages.mjs';
import { stopCommands } from './run-command.mjs';
import { seconds } from './show-step.mjs';

/** @typedef {{ nginx: boolean, chromium: boolean }} Needs */

export const root = path.resolve(import.meta.dirname, '..', '..', '..');

/**
 * Installs what is missing. Runs before any package is there, on any Node from 20: so no dependency, and no TypeScript.
 *
 * @param {Needs} needs
 */
export async function setUp(needs) {
  const startedAt = Date.now();
  const endOnSignal = (/** @type {NodeJS.Signals} */ signal) => {
    console.log(`\nset-up interrupted by ${signal}`);
    stopCommands();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, endOnSignal);
  try {
    const packages = missingDebianPackages(needs);
    const kafkaIsMissing = needsKafka() && !kafkaIsFetched(root);
    const npmInstalled = await installNpmPackages(root);
    await installDebianPackages(packages);
    if (kafkaIsMissing) await fetchKafka(root);
    const nothing = !npmInstalled && packages.length === 0 && !kafkaIsMissing;
    console.log(`· set-up … ${nothing ? 'all in place' : 'complete'} (${seconds(startedAt)})`);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeListener(signal, endOnSignal);
  }
}

function needsKafka() {
  return !process.env.KAFKA_BROKERS;
}

/** @param {Needs} needs */
function missingDebianPackages({ nginx, chromium }) {
  const packages = [];
  const mariaDb = findProgram('mariadbd', 'mysqld') && findProgram('mariadb-install-db');
  if (!process.env.MYSQL_URL && !mariaDb) packages.push({ title: 'MariaDB', package: 'mariadb-server' });
  if (!process.env.REDIS_URL && !findProgram('redis-server'))
    packages.push({ title: 'Redis', package: 'redis-server' });
  if (nginx && !findProgram('nginx')) packages.push({ title: 'nginx', package: 'nginx' });
  if (chromium && !findChromium()) packages.push({ title: 'Chromium', package: 'chromium' });
  if (needsKafka()) {
    if (!findJava()) packages.push({ title: 'Java', package: 'default-jre-headless' });
    if (!kafkaIsFetched(root) && !findProgram('mvn')) packages.push({ title: 'Maven', package: 'maven' });
  }
  return packages;
}
