import t from 'tap';
import { warnRarely } from './warn-rarely.ts';

t.test('a storm is one line, and the next line says how many were left out', async (t) => {
  const lines: unknown[] = [];
  let debugged = 0;
  const logger = { warn: (fields: unknown) => lines.push(fields), debug: () => debugged++ };
  const warn = warnRarely(logger as never, 'call failed', 50);
  for (let i = 0; i < 10; i += 1) warn({ i });
  t.same(lines, [{ i: 0 }]);
  t.equal(debugged, 10);
  const startedMs = performance.now();
  while (performance.now() - startedMs < 60);
  warn({ i: 10 });
  t.same(lines[1], { i: 10, leftOut: 9 });
});
