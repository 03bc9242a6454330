import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Test } from 'tap';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { type NginxPlan, writeNginxFiles } from '../../local/servers/write-nginx-files.ts';
import { startTestProgram } from './start-test-program.ts';

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
  const [port = 0] = await findFreePorts(1);
  const dir = given ?? mkdtempSync(path.join(tmpdir(), 'test-nginx-'));
  if (!given) t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  writeNginxFiles(dir, { port, consumers, addressRate: HIGH, addressBurst: 100_000, ...more });
  const check = async () => {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
    } finally {
      socket.destroy();
    }
  };
  await startTestProgram(t, 'nginx', ['-p', dir, '-c', 'nginx.conf', '-e', 'stderr'], { check, limitMs: 10_000 });
  return port;
}
