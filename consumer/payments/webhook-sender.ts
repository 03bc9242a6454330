import type { Logger } from 'pino';
import type { GatewayEvent } from '../../proto/payments/payment-gateway.ts';
import { signWebhook } from '../../proto/payments/sandbox-gateway.ts';
import type { Clock } from '../../proto/process/clock.ts';

export type WebhookOptions = { url(): string; secret: string; delayMs: number; logger: Logger; clock: Clock };

const TRIES = 10;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const CALL_DEADLINE_MS = 5000;
const MAX_PENDING = 1000;

/**
 * The sandbox gateway's webhooks: sent a moment later, and up to 10 times within 3 minutes until they are answered with 2xx.
 * They live in this process only; what it forgets when it stops, the buyer can bring about again by another click.
 */
export function createWebhookSender({ url, secret, delayMs, logger, clock }: WebhookOptions) {
  const pending = new Map<string, () => void>();
  let closed = false;

  async function send(id: string, body: string, tries: number): Promise<void> {
    try {
      const response = await fetch(url(), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signWebhook(secret, id, body) },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(CALL_DEADLINE_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`answered with ${response.status}`);
      pending.delete(id);
    } catch (error) {
      if (closed) return;
      if (tries < TRIES) {
        plan(id, body, tries + 1, Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS));
        return;
      }
      pending.delete(id);
      logger.warn({ err: error, id, tries }, 'sandbox gateway: a webhook was given up');
    }
  }

  function plan(id: string, body: string, tries: number, inMs: number): void {
    pending.set(
      id,
      clock.setTimer(inMs, () => void send(id, body, tries)),
    );
  }

  return {
    /** False: too many are on their way. The same id again while one is on its way is that one. */
    send(id: string, event: GatewayEvent): boolean {
      if (pending.has(id)) return true;
      if (closed || pending.size >= MAX_PENDING) return false;
      plan(id, JSON.stringify(event), 1, delayMs);
      return true;
    },
    close(): void {
      closed = true;
      for (const callOff of pending.values()) callOff();
      if (pending.size > 0) logger.warn({ webhooks: pending.size }, 'sandbox gateway: webhooks forgotten');
      pending.clear();
    },
  };
}
