import { createHmac, timingSafeEqual } from 'node:crypto';
import { signWebhook } from '../messages/sign-webhook.ts';
import { deadlines } from '../settings/deadlines.ts';
import { type SecretKey, secretKeysOf, signingKey } from '../settings/secret-keys.ts';
import type { PaymentGateway, PaymentRefund, PaymentSession } from './payment-gateway.ts';

// The client of the sandbox gateway. Its payment page and webhooks are in consumer/payments. It stores nothing: the signed session is part of
// the URL of the payment page.

const SESSION_SECONDS = 3600;

export type SandboxOptions = {
  /** The URL of the sandbox gateway, for refunds. */
  url: string;
  /** A list (parseSecretKeys): the current secret signs, all verify. */
  secret: string;
};

export function createSandboxGateway({ url, secret }: SandboxOptions): PaymentGateway {
  return {
    name: 'sandbox',
    sessionSeconds: null,
    readPayment: null,
    endSession: null,
    async openSession(session) {
      return { redirectUrl: `/sandbox-gateway/pay?session=${signSession(secret, session)}`, sessionId: null };
    },
    async refund({ paymentId, amountCents, currency }) {
      const body = JSON.stringify({ paymentId, amountCents, currency } satisfies SandboxRefund);
      const response = await fetch(`${url}/refunds`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signWebhook(secret, paymentId, body) },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(deadlines.SANDBOX_REFUND.ms),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the gateway responded to a refund with ${response.status}`);
      return { state: 'refunded' };
    },
  };
}

type SandboxRefund = Pick<PaymentRefund, 'paymentId' | 'amountCents' | 'currency'>;

export function isRefund(value: unknown): value is SandboxRefund {
  const { paymentId, amountCents, currency } = (value ?? {}) as Partial<SandboxRefund>;
  return typeof paymentId === 'string' && Number.isSafeInteger(amountCents) && typeof currency === 'string';
}

/** The session and its expiration as signed text for a URL. */
function signSession(secrets: string, session: PaymentSession, nowMs = Date.now()): string {
  const untilMs = nowMs + SESSION_SECONDS * 1000;
  const text = Buffer.from(JSON.stringify({ ...session, untilMs })).toString('base64url');
  return `${text}.${sessionMac(signingKey(secrets).secret, text)}`;
}

/** The session of a text that signSession created; null if the signature is invalid or the session has expired. */
export function readSession(secrets: string, token: string, nowMs = Date.now()): PaymentSession | null {
  const [text = '', mac = ''] = token.split('.', 2);
  const given = Buffer.from(mac);
  const hasSigned = ({ secret }: SecretKey) => {
    const expected = Buffer.from(sessionMac(secret, text));
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  if (!secretKeysOf(secrets).some(hasSigned)) return null;
  const { untilMs, ...session } = JSON.parse(Buffer.from(text, 'base64url').toString()) as PaymentSession & {
    untilMs: number;
  };
  return untilMs > nowMs ? session : null;
}

function sessionMac(secret: string, text: string): string {
  // The prefix makes this signature differ from those of webhooks.
  return createHmac('sha256', secret).update(`sandbox session:${text}`).digest('base64url');
}
