import Stripe from 'stripe';
import { realClock, withDeadline } from '../../process/clock.ts';
import { startDeadline } from '../../process/start-deadline.ts';

export type StripeOptions = {
  secretKey: string;
  /** Origin of Stripe's API or of a proxy in front of it. */
  apiUrl: string;
};

/**
 * The version of Stripe's API. It is pinned, so that neither the settings of the account nor an update of the package change what is sent and
 * received; the package's types allow only its own version.
 */
const API_VERSION = '2026-10-28.endive';

/** This is the only place that loads the package, which takes 12 MB of memory and 0.1 s: it is imported with GATEWAY=stripe only. */
export function createStripeClient({ secretKey, apiUrl }: StripeOptions): Stripe {
  const { protocol, hostname, port } = new URL(apiUrl);
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port && { port }),
    // The callers repeat: jobs with pauses that are stored, Stripe its events, the buyer a click. Even so the library repeats a call once
    // whose connection was closed; it sends an idempotency key with every POST.
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** Options of one call: the time that is left. */
export type CallOptions = () => { timeout: number };

/** Runs calls one after the other that together end within the deadline. */
export function withStripeDeadline<T>(deadlineMs: number, work: (options: CallOptions) => Promise<T>): Promise<T> {
  const leftMs = startDeadline(realClock, deadlineMs);
  return withDeadline(
    realClock,
    deadlineMs,
    'Stripe',
    work(() => ({ timeout: leftMs() })),
  );
}

/** Keys that are tried. An answer of 500 is saved by Stripe like any other. */
const MAX_KEYS = 3;

/**
 * Creates an object with an idempotency key. Stripe saves the answer to a key for at least 24 hours, also an answer of 500, and repeats it. A
 * saved failure is passed by the next key, which is a second object at worst; the callers say why that does no harm.
 */
export async function createWithKey<T>(key: string, create: (idempotencyKey: string) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await create(attempt === 1 ? key : `${key}-${attempt}`);
    } catch (error) {
      if (attempt === MAX_KEYS || !isSavedFailure(error)) throw error;
    }
  }
}

function isSavedFailure(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  return (error.statusCode ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true';
}
