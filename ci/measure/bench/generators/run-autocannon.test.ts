import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import t, { type Test } from 'tap';
import { chooseGenerator } from './choose-generator.ts';
import { runAutocannon } from './run-autocannon.ts';
import { writeTokens } from './write-tokens.ts';

const SECRET = 'kq3rM8vXz5Lw0TtYb7Jd2HfNs9PcGaE4';

/** Answers as `statusOf` says, a few milliseconds later. */
async function openServer(t: Test, statusOf: (request: IncomingMessage, index: number) => number): Promise<string> {
  let index = 0;
  const server = createServer((request, response) => {
    const status = statusOf(request, index++);
    setTimeout(() => response.writeHead(status).end(), 5);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

t.test('each request is by the next buyer, over all connections, and those who came do not come again', async (t) => {
  const seen: IncomingMessage[] = [];
  const url = await openServer(t, (request, index) => {
    seen.push(request);
    return index % 4 === 0 ? 410 : 201;
  });
  const tokens = await writeTokens(path.join(t.testdir({}), 'tokens'), SECRET, 10_000);
  tokens.next = 7;
  const load = { method: 'POST' as const, url, paths: ['/orders'], connections: 8, seconds: 1, tokens };
  const result = await runAutocannon({ ...load, headers: ['Prefer: respond-async'] });
  const { requests, seconds, refused, broken, p50Ms, p99Ms, maxMs } = result;
  t.ok(requests > 100, `${requests}`);
  t.ok(seconds >= 1 && seconds < 3, `${seconds} s`);
  t.ok(Math.abs(refused - requests / 4) < 10, `${refused} of ${requests}`);
  t.equal(broken, 0);
  t.ok(4 <= p50Ms && p50Ms <= p99Ms && p99Ms <= maxMs, `${p50Ms}, ${p99Ms}, ${maxMs} ms`);

  const buyers = seen.map(({ headers }) => {
    const [, claims = ''] = (headers.authorization ?? '').split('.');
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string }).sub;
  });
  t.equal(new Set(buyers).size, seen.length, 'no buyer came twice');
  t.equal(buyers.sort()[0], 'buyer-000000007');
  t.ok(seen.length >= requests, 'those without an answer count as well');
  t.ok(tokens.next >= 7 + seen.length, 'the next one is new');
  t.match(seen.at(-1), { method: 'POST', url: '/orders', headers: { prefer: 'respond-async', 'content-length': '0' } });
  t.match(seen.at(-1)?.headers['idempotency-key'], /^"\d+"$/);
});

t.test('paths are asked in turn, by nobody', async (t) => {
  const asked = new Map<string, number>();
  const url = await openServer(t, ({ url = '', headers }) => {
    asked.set(url, (asked.get(url) ?? 0) + 1);
    return headers.authorization === undefined ? 200 : 500;
  });
  const load = { method: 'GET' as const, url, paths: ['/a', '/b'], connections: 2, seconds: 1 };
  t.match(await runAutocannon(load), { refused: 0, broken: 0 });
  t.ok(Math.abs((asked.get('/a') ?? 0) - (asked.get('/b') ?? 0)) <= 2, JSON.stringify([...asked]));
});

t.test('without buyers enough there is no result', async (t) => {
  const url = await openServer(t, () => 201);
  const tokens = await writeTokens(path.join(t.testdir({}), 'tokens'), SECRET, 50);
  const load = { method: 'POST' as const, url, paths: ['/orders'], connections: 4, seconds: 1, tokens };
  await t.rejects(runAutocannon(load), /there are not buyers enough: 50 for 1 s/);
});

t.test('the generator that is asked for', async (t) => {
  const print = () => t.fail('nothing is replaced');
  t.equal((await chooseGenerator('autocannon', print)).run, runAutocannon);
  await t.rejects(chooseGenerator('ab', print), /wrk or autocannon, not 'ab'/);
});

t.test(
  'where neither wrk nor apt-get is to be found it is autocannon, but not for one who insists on wrk',
  async (t) => {
    const { PATH } = process.env;
    t.teardown(() => {
      process.env.PATH = PATH;
    });
    process.env.PATH = t.testdir({});
    const said: string[] = [];
    t.equal((await chooseGenerator(undefined, (line) => void said.push(line))).name, 'autocannon');
    t.match(said, [/no apt-get here/]);
    await t.rejects(
      chooseGenerator('wrk', () => undefined),
      /Missing: wrk/,
    );
  },
);
