import { type Logger, pino } from 'pino';

/** Logs JSON lines to standard output, or readable lines to a terminal. */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, base: { name } };
  if (!process.stdout.isTTY) return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' } },
  });
}
