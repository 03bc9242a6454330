import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { createLogProbe } from './log-probe.ts';

const EVERY_MS = 5000;
const IDLE_MS = 10_000;

/** A breaker that one failed append has opened, and the probe of a log that the test can break. */
function setUp() {
  const clock = fakeClock();
  const log = { isUp: false, reads: 0 };
  const changes: string[] = [];
  const breaker = createCircuitBreaker(clock, (isOpen) => {
    changes.push(isOpen ? 'open' : 'closed');
    if (isOpen) probe.start();
  });
  const probe = createLogProbe({
    clock,
    readLog: async () => {
      log.reads += 1;
      if (!log.isUp) throw new Error('no leader');
    },
    breakers: new Map([[0, breaker]]),
  });
  const fail = () => {
    const pass = breaker.enter();
    if (pass) breaker.leave(pass, false);
  };
  fail();
  return { clock, log, breaker, changes, probe, fail };
}

t.test('a breaker that no order asks closes when the log answers', async (t) => {
  const { clock, log, changes } = setUp();
  await clock.advance(60_000);
  t.same(changes, ['open'], 'it stays open while the log is down');
  log.isUp = true;
  await clock.advance(EVERY_MS);
  t.same(changes, ['open', 'closed']);
  const { reads } = log;
  await clock.advance(60_000);
  t.equal(log.reads, reads, 'a closed breaker needs no reads');
});

t.test('while orders ask, they are the probes', async (t) => {
  const { clock, log, breaker, changes, fail } = setUp();
  log.isUp = true;
  for (let passed = 0; passed < 6 * IDLE_MS; passed += IDLE_MS / 2) {
    fail();
    await clock.advance(IDLE_MS / 2);
  }
  t.same(changes, ['open']);
  await clock.advance(IDLE_MS);
  t.equal(breaker.isClosed(), true);
});

t.test('a probe in flight keeps the breaker', async (t) => {
  const { clock, log, breaker, changes } = setUp();
  await clock.advance(EVERY_MS);
  t.equal(breaker.enter(), 'probe');
  log.isUp = true;
  await clock.advance(3 * IDLE_MS);
  t.same(changes, ['open']);
  breaker.leave('probe', true);
  t.same(changes, ['open', 'closed']);
});

t.test('a log that answers and refuses orders opens the breaker again', async (t) => {
  const { clock, log, changes, fail } = setUp();
  log.isUp = true;
  await clock.advance(IDLE_MS + EVERY_MS);
  fail();
  await clock.advance(IDLE_MS + EVERY_MS);
  t.same(changes, ['open', 'closed', 'open', 'closed']);
});

t.test('nothing is read after close', async (t) => {
  const { clock, log, probe, fail } = setUp();
  probe.close();
  fail();
  await clock.advance(60_000);
  t.equal(log.reads, 0);
});
