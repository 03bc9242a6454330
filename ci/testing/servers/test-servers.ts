import path from 'node:path';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { startServers } from '../../local/servers/start-servers.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { testSettings } from '../../local/system/test-settings.ts';

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
