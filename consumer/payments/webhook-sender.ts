import type { Logger } from 'pino';
import { signWebhook } from '../../proto/messages/sign-webhook.ts';
import type { GatewayEvent } from '../../proto/payments/payment-gateway.ts';
import type { Clock } from '../../proto/process/clock.ts';

export type WebhookSenderOptions = { url(): string; secret: string; delayMs: number; logger: Logger; clock: Clock };

const MAX_TRIES = 10;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
const CALL_DEADLINE_MS = 5000;
const MAX_PENDING = 1000;

/**
 * Sends the sandbox gateway's webhooks, up to 10 times within 3 minutes, until the response is 2xx. Webhooks are kept in memory only; after a
 * restart the buyer can cause them again by another click.
 */
export function startWebhookSender({ url, secret, delayMs, logger, clock }: WebhookSenderOptions) {
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
      if (!response.ok) throw new Error(`response status ${response.status}`);
      pending.delete(id);
    } catch (error) {
      if (closed) return;
      if (tries < MAX_TRIES) {
        plan(id, body, tries + 1, Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), MAX_PAUSE_MS));
        return;
      }
      pending.delete(id);
      logger.warn({ err: error, id, tries }, 'sandbox gateway: webhook failed permanently');
    }
  }

  function plan(id: string, body: string, tries: number, inMs: number): void {
    pending.set(
      id,
      clock.setTimer(inMs, () => void send(id, body, tries)),
    );
  }

  return {
    /** False: too many webhooks are pending. An id that is pending is not sent twice. */
    send(id: string, event: GatewayEvent): boolean {
      if (pending.has(id)) return true;
      if (closed || pending.size >= MAX_PENDING) return false;
      plan(id, JSON.stringify(event), 1, delayMs);
      return true;
    },
    close(): void {
      closed = true;
      for (const cancel of pending.values()) cancel();
      if (pending.size > 0) logger.warn({ webhooks: pending.size }, 'sandbox gateway: pending webhooks dropped');
      pending.clear();
    },
  };
}
