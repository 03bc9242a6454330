import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { type NginxPlan, writeNginxFiles } from '../../local/servers/write-nginx-files.ts';
import { findProgram } from '../../local/set-up/find-program.mjs';

const HIGH = 1_000_000;

type Options = Partial<Omit<NginxPlan, 'port' | 'consumers'>> & {
  /** The folder of its files; by default a folder that is removed with the test. */
  dir?: string;
};

/** A real nginx with the configuration of the product in front of these consumers (host:port), stopped with the test. Returns its port. */
export async function startTestNginx(
  t: Test,
  consumers: string[],
  { dir: given, ...more }: Options = {},
): Promise<number> {
  const command = findProgram('nginx');
  if (!command) throw new Error('nginx is not installed');
  const [port = 0] = await findFreePorts(1);
  const dir = given ?? mkdtempSync(path.join(tmpdir(), 'test-nginx-'));
  if (!given) t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  writeNginxFiles(dir, { port, consumers, addressRate: HIGH, addressBurst: 100_000, ...more });
  const nginx = spawn(command, ['-p', dir, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  nginx.stderr.on('data', (chunk) => {
    output += chunk;
  });
  t.teardown(async () => {
    if (nginx.exitCode !== null) return;
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
  });
  await waitUntil(
    'nginx to listen',
    async () => {
      if (nginx.exitCode !== null) throw new Error(output);
      const socket = connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
      } finally {
        socket.destroy();
      }
    },
    { limitMs: 10_000 },
  );
  return port;
}
