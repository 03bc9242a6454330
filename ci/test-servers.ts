import path from 'node:path';
import { root } from './set-up/set-up.mjs';
import { findFreePorts } from './system/find-free-ports.ts';
import type { Supervisor } from './system/open-supervisor.ts';
import { startServers } from './system/start-servers.ts';
import { testSettings } from './system/test-settings.ts';

// Only the servers that the tests use, until Ctrl-C: for running single tests by hand.

let supervisor: Supervisor | undefined;
const stop = async () => {
  await supervisor?.stop();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

const [mysql = 0, redis = 0, kafka = 0, kafkaController = 0] = await findFreePorts(4);
const servers = await startServers({
  dir: path.join(root, '.local', 'test-servers'),
  ports: { mysql, redis, kafka, kafkaController },
  onOpen: (opened) => {
    supervisor = opened;
  },
});
const settings = Object.entries(testSettings(servers)).map(([name, value]) => `${name}=${value}`);
console.log(`export ${settings.join(' ')}`);
