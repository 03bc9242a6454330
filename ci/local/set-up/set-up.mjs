import path from 'node:path';
import { fetchDebianPrograms } from './fetch-debian-programs.mjs';
import { fetchKafka, kafkaIsFetched } from './fetch-kafka.mjs';
import { findChromium, findJava, findProgram } from './find-program.mjs';
import { installDebianPackages } from './install-debian-packages.mjs';
import { installNpmPackages } from './install-npm-packages.mjs';
import { stopCommands } from './run-command.mjs';
import { seconds } from './show-step.mjs';

/** @typedef {{ nginx: boolean, chromium: boolean }} Needs */

export const root = path.resolve(import.meta.dirname, '..', '..', '..');

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Installs what is missing. Runs before any package is installed, on Node 20 or newer: no dependencies, no TypeScript.
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
  for (const signal of signals) process.once(signal, endOnSignal);
  try {
    const packages = missingDebianPackages(needs);
    const kafkaIsMissing = needsKafka() && !kafkaIsFetched(root);
    const npmInstalled = await installNpmPackages(root);
    await installDebianPackages(packages);
    // Only tests use them.
    const programsFetched = needs.chromium && (await fetchDebianPrograms());
    if (kafkaIsMissing) await fetchKafka(root);
    const nothing = !npmInstalled && packages.length === 0 && !programsFetched && !kafkaIsMissing;
    console.log(`· set-up … ${nothing ? 'nothing to install' : 'complete'} (${seconds(startedAt)})`);
  } finally {
    for (const signal of signals) process.removeListener(signal, endOnSignal);
  }
}

function needsKafka() {
  return !process.env.KAFKA_BROKERS;
}

/** @param {Needs} needs */
function missingDebianPackages({ nginx, chromium }) {
  const { MYSQL_URL, REDIS_URL } = process.env;
  const hasMariaDb = findProgram('mariadbd', 'mysqld') && findProgram('mariadb-install-db');
  const packages = [
    { title: 'MariaDB', package: 'mariadb-server', isMissing: !MYSQL_URL && !hasMariaDb },
    { title: 'Redis', package: 'redis-server', isMissing: !REDIS_URL && !findProgram('redis-server') },
    { title: 'nginx', package: 'nginx', isMissing: nginx && !findProgram('nginx') },
    { title: 'Chromium', package: 'chromium', isMissing: chromium && !findChromium() },
    // Only tests make certificates.
    { title: 'openssl', package: 'openssl', isMissing: chromium && !findProgram('openssl') },
    // Only tests use it.
    { title: 'Prometheus', package: 'prometheus', isMissing: chromium && !findProgram('promtool') },
    { title: 'Java', package: 'default-jre-headless', isMissing: needsKafka() && !findJava() },
    { title: 'Maven', package: 'maven', isMissing: needsKafka() && !kafkaIsFetched(root) && !findProgram('mvn') },
  ];
  return packages.filter(({ isMissing }) => isMissing);
}
