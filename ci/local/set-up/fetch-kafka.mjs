import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.mjs';
import { runCommand } from './run-command.mjs';
import { showStep } from './show-step.mjs';

/** @param {string} root */
function kafkaFiles(root) {
  const pom = path.join(root, 'ci', 'local', 'kafka', 'pom.xml');
  const folder = path.join(root, '.local', 'kafka', 'libs');
  return {
    pom,
    folder,
    // Written last: the folder is complete, and made from this pom.
    marker: path.join(folder, 'complete'),
    pomHash: createHash('sha256').update(readFileSync(pom)).digest('hex'),
  };
}

/** @param {string} root */
export function kafkaIsFetched(root) {
  const { marker, pomHash } = kafkaFiles(root);
  return existsSync(marker) && readFileSync(marker, 'utf8') === pomHash;
}

/** @param {string} root */
export async function fetchKafka(root) {
  const { pom, folder, marker, pomHash } = kafkaFiles(root);
  const mvn = findProgram('mvn');
  if (!mvn) throw new Error('Missing: Maven, which downloads Kafka (apt-get install maven).');
  rmSync(folder, { recursive: true, force: true });
  const args = ['-q', '-B', '-U', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
  await showStep('Kafka', 'downloaded', async (progress) => {
    // mvn -q prints nothing until it ends, so the jars are counted.
    const count = () =>
      progress(existsSync(folder) ? `${readdirSync(folder).length} jars` : 'waiting for the Maven repository');
    const timer = setInterval(count, 500);
    try {
      await runCommand(mvn, args);
    } finally {
      clearInterval(timer);
    }
  });
  writeFileSync(marker, pomHash);
}
