import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { webhookSignature } from '../../proto/messages/sign-webhook.ts';
import { lookupPublic, refusePrivateHost } from './lookup-public.ts';

export type WebhookCall = {
  url: string;
  /** The header `webhook-id`: the same for every repeat. */
  id: string;
  body: string;
  /** Each signs, the current one first. */
  secrets: string[];
  signal: AbortSignal;
};

export type WebhookAnswer = { status: number; retryAfterSeconds: number | null };

export type WebhookClient = {
  /** Rejects if there is no answer within the deadline. What the call did is then unknown. */
  send(call: WebhookCall): Promise<WebhookAnswer>;
  close(): void;
};

/** Of the answer's body; nothing reads it. */
const MAX_ANSWER_BYTES = 1024;
const MAX_RETRY_AFTER_SECONDS = 3600;

export type WebhookClientOptions = {
  /** From the resolution of the name to the end of the answer. */
  deadlineMs: number;
  /** `any`: private addresses are called too. */
  addresses: 'public' | 'any';
};

/** Calls endpoints. Redirects are not followed, and connections are kept for further calls. */
export function createWebhookClient({ deadlineMs, addresses }: WebhookClientOptions): WebhookClient {
  const kept = { keepAlive: true, maxFreeSockets: 10, scheduling: 'lifo' } as const;
  const agents = { 'http:': new HttpAgent(kept), 'https:': new HttpsAgent(kept) };

  function post({ url, id, body, secrets, signal }: WebhookCall): Promise<WebhookAnswer> {
    const target = new URL(url);
    if (addresses === 'public') refusePrivateHost(target);
    const isTls = target.protocol === 'https:';
    const timestamp = String(Math.floor(Date.now() / 1000));
    return new Promise((resolve, reject) => {
      const options = {
        method: 'POST',
        agent: isTls ? agents['https:'] : agents['http:'],
        signal,
        ...(addresses === 'public' && { lookup: lookupPublic }),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'flash-sale-webhooks',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': secrets.map((secret) => webhookSignature(secret, id, timestamp, body)).join(' '),
        },
      };
      const call = (isTls ? requestHttps : requestHttp)(target, options);
      let answer: WebhookAnswer | undefined;
      // The status is the answer, whatever becomes of the body.
      call.on('error', (error) => (answer ? resolve(answer) : reject(error)));
      call.on('response', (response) => {
        answer = { status: response.statusCode ?? 0, retryAfterSeconds: readRetryAfter(response) };
        drain(response, () => resolve(answer as WebhookAnswer));
      });
      call.end(body);
    });
  }

  return {
    send: (call) => post({ ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(deadlineMs)]) }),
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

/** Discards the body, so that the connection can be used again; ends the connection if the body is long. */
function drain(response: IncomingMessage, onEnd: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
  response.on('error', onEnd);
  response.on('close', onEnd);
}

/** Seconds or a date, at most an hour. Null: the header is missing or invalid. */
function readRetryAfter({ headers }: IncomingMessage): number | null {
  const text = headers['retry-after'];
  if (text === undefined) return null;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS) : null;
}
