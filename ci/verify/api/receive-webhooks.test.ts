import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import t from 'tap';
import { signWebhook } from '../../../proto/messages/sign-webhook.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { eventsPage } from '../../generate/events/events-page.ts';

const [, code = ''] = /```js\n(import[\s\S]*?)```/.exec(readFileSync('docs/how-to/receive-webhooks.md', 'utf8')) ?? [];
const secret = `whsec_${randomBytes(32).toString('base64')}`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

t.test('the receiver of the how-to accepts what is signed, once, and nothing else', async (t) => {
  const file = path.join(t.testdir(), 'receiver.mjs');
  writeFileSync(file, code);
  const port = await freePort();
  const env = { PORT: String(port), FLASH_SALE_SECRET: secret };
  const receiver = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => void receiver.kill());
  let output = '';
  receiver.stdout.on('data', (text) => {
    output += text;
  });
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(eventsPage()) ?? [];
  const body = example.trim();
  const send = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
  const signed = signWebhook(secret, JSON.parse(body).id, body);
  const first = await waitUntil('the receiver', () => send(signed), { limitMs: 10_000 });
  t.equal(first.status, 204);
  t.equal((await send(signed)).status, 204);
  t.equal((await send({ ...signed, 'webhook-signature': `v1,AAAA ${signed['webhook-signature']}` })).status, 204);
  t.equal((await send({ ...signed, 'webhook-id': 'another' })).status, 401);
  t.equal((await send({ ...signed, 'webhook-timestamp': '1' })).status, 401);
  t.equal((await send({})).status, 401);
  t.equal((await send(signWebhook(`whsec_${randomBytes(32).toString('base64')}`, 'x', body))).status, 401);
  t.match(output, /^order\.paid: 1 × stock 1001 for ann, order 1001-\S+\n$/);
});
