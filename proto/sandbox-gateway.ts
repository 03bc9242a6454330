import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { PaymentGateway, PaymentRefund, PaymentSession } from './payment-gateway.ts';

// The gateway for trying things out, as those who call it see it. What it shows to buyers, and the webhooks it sends, are in
// consumer/. It keeps nothing: a session is in the address of its page, signed.

const SESSION_SECONDS = 3600;
const REFUND_DEADLINE_MS = 4000;

export type SandboxOptions = {
  /** Where the worker reaches it. */
  url: string;
  secret: string;
};

export function sandboxGateway({ url, secret }: SandboxOptions): PaymentGateway {
  return {
    async openSession(session) {
      return { redirectUrl: `/sandbox-gateway/pay?session=${signSession(secret, session)}` };
    },
    async refund(refund) {
      const body = JSON.stringify(refund);
      const response = await fetch(`${url}/refunds`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signWebhook(secret, refund.paymentId, body) },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(REFUND_DEADLINE_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the gateway answered a refund with ${response.status}`);
    },
  };
}

/** The headers of Standard Webhooks, signed now. */
export function signWebhook(secret: string, id: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
}

/** Whether these headers sign this body, at most 300 s from now. */
export function isSigned(secret: string, headers: Record<string, unknown>, body: Buffer): boolean {
  const texts = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, headers[name]]);
  // What the package would also read as a number, such as `17e8` or `12 34`, is none.
  if (!texts.every(([, value]) => typeof value === 'string') || !/^\d{1,12}$/.test(String(texts[1]?.[1]))) return false;
  try {
    new Webhook(secret).verify(body, Object.fromEntries(texts), { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

export function isRefund(value: unknown): value is PaymentRefund {
  const { paymentId, amountCents, currency } = (value ?? {}) as Partial<PaymentRefund>;
  return typeof paymentId === 'string' && Number.isSafeInteger(amountCents) && typeof currency === 'string';
}

/** The session and its end as text for an address, which only we can make. */
export function signSession(secret: string, session: PaymentSession, nowMs = Date.now()): string {
  const untilMs = nowMs + SESSION_SECONDS * 1000;
  const text = Buffer.from(JSON.stringify({ ...session, untilMs })).toString('base64url');
  return `${text}.${sessionMac(secret, text)}`;
}

/** The session of a text that signSession made, or null: not ours, or over. */
export function readSession(secret: string, token: string, nowMs = Date.now()): PaymentSession | null {
  const [text = '', mac = ''] = token.split('.', 2);
  const expected = Buffer.from(sessionMac(secret, text));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const { untilMs, ...session } = JSON.parse(Buffer.from(text, 'base64url').toString()) as PaymentSession & {
    untilMs: number;
  };
  return untilMs > nowMs ? session : null;
}

function sessionMac(secret: string, text: string): string {
  // The first words keep this signature apart from those of the webhooks.
  return createHmac('sha256', secret).update(`sandbox session:${text}`).digest('base64url');
}
