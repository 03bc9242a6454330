import type { Test } from 'tap';
import { openProxy, type TcpProxy } from '../../local/servers/open-proxy.ts';

export type TestProxy = Omit<TcpProxy, 'close'>;

/** A way to a server (host:port) that a test can harm, closed with the test. */
export async function openTestProxy(t: Test, server: string): Promise<TestProxy> {
  const proxy = await openProxy(server);
  t.teardown(() => proxy.close());
  return proxy;
}
