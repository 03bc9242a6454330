import { rmSync } from 'node:fs';
import path from 'node:path';
import { stopOnSignal } from '../../command/stop-on-signal.ts';
import { externalServers, readConfig } from '../../local/config.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { type Servers, startServers } from '../../local/servers/start-servers.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { testSettings } from '../../local/system/test-settings.ts';
import { buildPages } from '../../ops/build-pages.ts';
import { findTestFiles } from './find-test-files.ts';
import { type Count, runCheck, runTap, stopChecks } from './run-checks.ts';

const dir = path.join(root, '.local', 'test');
const INTERRUPTED = 130;
const SIMULATE = ['ci/bin/simulate.ts', '--seeds', '2000'];
let supervisor: Supervisor | undefined;
let signalled = false;

stopOnSignal((reason) => {
  signalled = true;
  console.log(`\n· stopping after ${reason}`);
  void end([{ passed: 0, failed: 1 }], INTERRUPTED);
});

try {
  const tapArguments = findTestFiles(process.argv.slice(2));
  const starting = startTestServers();
  starting.catch(() => {}); // Awaited below, after the checks.
  const tsc = await runCheck('tsc', ['--noEmit']);
  const tscOfPages = await runCheck('tsc', ['--noEmit', '-p', 'consumer/pages'], 'tsc of the pages');
  const biome = await runCheck('biome', ['check', '.']);
  // Before the tests: it uses all cores, and some tests depend on time.
  const simulation = tapArguments.length === 0 ? [await runCheck('node', SIMULATE, 'simulation')] : [];
  // Before the tests of the pages, which would otherwise build them in parallel.
  await buildPages();
  const servers = await starting;
  const tap = await runTap(tapArguments, testSettings(servers));
  await end([tsc, tscOfPages, biome, ...simulation, tap]);
} catch (error) {
  if (!signalled) {
    console.error(`✗ ${(error as Error).message}`);
    await end([{ passed: 0, failed: 1 }]);
  }
}

/** Servers for the tests, empty at each run and independent of a running system. */
async function startTestServers(): Promise<Servers> {
  const [mysql = 0, redis = 0, kafka = 0, kafkaController = 0] = await findFreePorts(4);
  return startServers({
    dir,
    ports: { mysql, redis, kafka, kafkaController },
    external: externalServers(readConfig()),
    onOpen: (opened) => {
      supervisor = opened;
      for (const old of ['mariadb', 'redis', 'kafka', 'logs'])
        rmSync(path.join(dir, old), { recursive: true, force: true });
    },
  });
}

async function end(counts: Count[], exitCode?: number): Promise<void> {
  await stopChecks();
  await supervisor?.stop();
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(exitCode ?? (failed === 0 ? 0 : 1));
}
