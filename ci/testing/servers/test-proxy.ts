import type { Test } from 'tap';
import { startProxy, type TcpProxy } from '../../local/servers/proxy.ts';

export type TestProxy = Omit<TcpProxy, 'close'>;

/** A proxy to a server (host:port) that a test can interrupt; closed with the test. */
export async function startTestProxy(t: Test, server: string): Promise<TestProxy> {
  const proxy = await startProxy(server);
  t.teardown(() => proxy.close());
  return proxy;
}
