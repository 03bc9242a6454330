import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';

export type ReceivedWebhook = {
  id: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  event: { type: string; data: { orderNo: string } };
};

/** Answers a webhook; by default with 204. */
export type AnswerWebhook = (webhook: ReceivedWebhook, response: ServerResponse, request: IncomingMessage) => void;

/** A shop's server that receives webhooks over a real connection. */
export async function startReceiver(t: Test) {
  const received: ReceivedWebhook[] = [];
  let answer: AnswerWebhook = (_, response) => void response.writeHead(204).end();
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const headers = request.headers as Record<string, string>;
      const id = headers['webhook-id'] ?? '';
      const webhook = { id, path: request.url ?? '', headers, body, event: JSON.parse(body) };
      received.push(webhook);
      answer(webhook, response, request);
    });
  };
  const server = createServer(listener);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    connections: () => connections,
    answerBy(next: AnswerWebhook) {
      answer = next;
    },
    async waitFor(count: number, limitMs = 30_000): Promise<ReceivedWebhook[]> {
      await waitUntil(
        `${count} webhooks`,
        () => {
          if (received.length < count) throw new Error(`${received.length} so far`);
        },
        { limitMs },
      );
      return received;
    },
  };
}

/** Whether the library of Standard Webhooks accepts it with this secret. */
export function isVerified(secret: string, { headers, body }: ReceivedWebhook): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
