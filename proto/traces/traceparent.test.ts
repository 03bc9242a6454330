import t from 'tap';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

t.test('a traceparent is read as W3C writes it; any other text is none', async (t) => {
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  t.same(parseTraceparent(formatTraceparent(span, true)), span);
  t.same(parseTraceparent(formatTraceparent(span, false)), span);
  const wrong = [
    undefined,
    '',
    'x',
    ['00-1-1-00'],
    `00-${'0'.repeat(32)}-${span.spanId}-01`,
    `00-${span.traceId}-${'0'.repeat(16)}-01`,
    `00-${span.traceId.toUpperCase()}-${span.spanId}-01`,
    `ff-${span.traceId}-${span.spanId}-01`,
    `00-${span.traceId}-${span.spanId}-01-more`,
  ];
  for (const text of wrong) t.equal(parseTraceparent(text), null, String(text));
});
