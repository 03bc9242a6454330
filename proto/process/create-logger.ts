import { type Logger, pino } from 'pino';
import { traceIdOf } from '../traces/trace-id-of.ts';

type Fields = Record<string, unknown>;

/** Logs JSON lines to standard output, or readable lines to a terminal. A line with `orderNo` also has the `traceId` of the order. */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, base: { name }, formatters: { log: addTraceIds } };
  if (!process.stdout.isTTY) return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' } },
  });
}

/** `orderNos`: a line about several orders, which gets `traceIds` in the same sequence. */
export function addTraceIds(fields: Fields): Fields {
  const { orderNo, orderNos } = fields;
  if (typeof orderNo === 'string') return { ...fields, traceId: traceIdOf(orderNo) };
  if (Array.isArray(orderNos)) return { ...fields, traceIds: orderNos.map((number) => traceIdOf(String(number))) };
  return fields;
}
