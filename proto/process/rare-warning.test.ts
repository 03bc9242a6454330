import t from 'tap';
import { createRareWarning } from './rare-warning.ts';

t.test('many warnings are one line, and the next line has the number of suppressed ones', async (t) => {
  const lines: unknown[] = [];
  let debugged = 0;
  const logger = { warn: (fields: unknown) => lines.push(fields), debug: () => debugged++ };
  const warn = createRareWarning(logger as never, 'call failed', 50);
  for (let i = 0; i < 10; i += 1) warn({ i });
  t.same(lines, [{ i: 0 }]);
  t.equal(debugged, 10);
  const startedMs = performance.now();
  while (performance.now() - startedMs < 60);
  warn({ i: 10 });
  t.same(lines[1], { i: 10, suppressed: 9 });
});
