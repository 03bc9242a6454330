import { type Logger, pino } from 'pino';

/** JSON lines on standard output; in a terminal, lines for people. */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, base: { name } };
  if (!process.stdout.isTTY) return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' } },
  });
}
