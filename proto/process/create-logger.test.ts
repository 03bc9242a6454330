import { pino } from 'pino';
import t from 'tap';
import { traceIdOf } from '../traces/trace-id-of.ts';
import { addTraceIds } from './create-logger.ts';

t.test('a line about an order has its trace id, whichever logger writes it', async (t) => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ formatters: { log: addTraceIds } }, { write: (line: string) => lines.push(JSON.parse(line)) });
  logger.info({ orderNo: '7-A-B' }, 'refund requested');
  logger.child({ requestId: 'r1' }).warn({ orderNo: '7-C-D', sid: 7 }, 'request failed');
  logger.warn({ orderNos: ['7-A-B', '7-C-D'] }, 'orders expired');
  logger.info({ sid: 7, orderNo: undefined }, 'no order');
  t.match(lines[0], { orderNo: '7-A-B', traceId: traceIdOf('7-A-B') });
  t.match(lines[1], { requestId: 'r1', sid: 7, traceId: traceIdOf('7-C-D') });
  t.same(lines[2]?.traceIds, [traceIdOf('7-A-B'), traceIdOf('7-C-D')]);
  t.notOk('traceId' in (lines[3] as object));
});
