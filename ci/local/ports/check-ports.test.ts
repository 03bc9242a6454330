import { once } from 'node:events';
import net from 'node:net';
import t, { type Test } from 'tap';
import { checkPorts } from './check-ports.ts';

async function listen(t: Test): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return (server.address() as net.AddressInfo).port;
}

t.test('a port in use is named with the process that holds it and the setting to change', async (t) => {
  const port = await listen(t);
  const message = `port ${port} for nginx is in use by `;
  await t.rejects(checkPorts([{ port, what: 'nginx', variable: 'NGINX_PORT' }]), {
    message: new RegExp(`^${message}.*\\(pid ${process.pid}\\).*NGINX_PORT`),
  });
});

t.test('a port that browsers and fetch refuse is named', async (t) => {
  const port = 10_080;
  await t.rejects(fetch(`http://127.0.0.1:${port}/`), { cause: { message: 'bad port' } });
  await t.rejects(checkPorts([{ port, what: 'nginx', variable: 'NGINX_PORT' }]), {
    message: 'port 10080 for nginx is blocked by browsers: set NGINX_PORT to another port',
  });
});

t.test('a port that is planned twice names both parts', async (t) => {
  const planned = [
    { port: 1, what: 'a', variable: 'A_PORT' },
    { port: 1, what: 'b', variable: 'B_PORT' },
  ];
  await t.rejects(checkPorts(planned.slice(0, 2)), {
    message: /port 1 is planned twice, for a and for b: set A_PORT or B_PORT/,
  });
});
