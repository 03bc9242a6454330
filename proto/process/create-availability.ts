import type { Logger } from 'pino';

const MAX_CAUSES = 5;

/**
 * Logs that a server is not available, with the cause, and that it is available again. During one outage each cause is logged once, and at most
 * 5 of them.
 */
export function createAvailability(logger: Pick<Logger, 'info' | 'warn'>, server: string) {
  const causes = new Set<string>();
  return {
    up(): void {
      if (causes.size > 0) logger.info(`${server} is available`);
      causes.clear();
    },
    down(error: unknown): void {
      const cause = describeFault(error);
      if (causes.has(cause) || causes.size === MAX_CAUSES) return;
      causes.add(cause);
      logger.warn({ err: cause }, `${server} is not available`);
    },
  };
}

/** What the other end says about our certificate is deep in a message of OpenSSL. */
const ALERT = /SSL routines:[^:]*:([^:]+):/;
const HINTS: Record<string, string> = {
  ER_ACCESS_DENIED_ERROR: 'MariaDB also answers so if it demands TLS',
  KafkaJSConnectionClosedError: 'the port may demand TLS or a login',
};

/** The cause of a failed connection in one line. docs/how-to/managed-servers.md says what to do about each. */
export function describeFault(error: unknown): string {
  const { message, name, code = '', cause } = error as Error & { code?: string };
  const inner = cause instanceof Error ? (cause as Error & { code?: string }) : undefined;
  const alert = ALERT.exec(message)?.[1];
  const hint = [name, code, inner?.name, inner?.code].map((key) => HINTS[key ?? '']).find(Boolean);
  return `${alert ?? message.trim()}${hint ? ` (${hint})` : ''}`;
}
