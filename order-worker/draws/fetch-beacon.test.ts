import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { fetchBeacon, quicknetBeacon } from './fetch-beacon.ts';

// Of quicknet: public knowledge.
const ROUND = 1000;
const SIGNATURE = 'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39';
const RANDOMNESS = 'fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd';

let answer: { status?: number; body: string; location?: string } = { body: '' };
let asked = '';
const server = createServer((request, response) => {
  asked = request.url ?? '';
  response.writeHead(answer.status ?? 200, answer.location ? { location: answer.location } : {});
  response.end(answer.body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
t.teardown(() => server.close());
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const ask = (round = ROUND) => fetchBeacon(quicknetBeacon, url, round);
const json = (body: object) => JSON.stringify(body);

t.test('the signature of the chain gives the random bytes', async (t) => {
  answer = { body: json({ round: ROUND, randomness: '00', signature: SIGNATURE }) };
  const { randomness, signature } = await ask();
  t.equal(Buffer.from(randomness).toString('hex'), RANDOMNESS, 'and not what the server says they are');
  t.equal(Buffer.from(signature).toString('hex'), SIGNATURE);
  t.equal(asked, `/${quicknetBeacon.chain}/public/${ROUND}`);
});

t.test('any other answer is refused', async (t) => {
  const wrong = `${SIGNATURE.slice(0, -1)}8`;
  for (const body of [
    json({ signature: wrong }),
    json({ signature: 'b4' }),
    json({ signature: 7 }),
    json({}),
    'null',
    '',
    'x'.repeat(5000),
    json({ signature: SIGNATURE, more: 'x'.repeat(5000) }),
  ]) {
    answer = { body };
    await t.rejects(ask());
  }
  answer = { body: json({ signature: SIGNATURE }) };
  await t.rejects(ask(ROUND + 1), /not the chain's signature of round 1001/, 'the signature of another round');
  answer = { status: 404, body: json({ signature: SIGNATURE }) };
  await t.rejects(ask(), /answered 404/);
  answer = { status: 302, location: url, body: '' };
  await t.rejects(ask());
});
