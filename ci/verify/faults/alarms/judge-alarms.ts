import { setTimeout as sleep } from 'node:timers/promises';
import type { ExpectedAlarm } from './expected-alarm.ts';
import type { AlarmWatch } from './watch-alarms.ts';

/** An alarm that fired, in milliseconds after the fault was in place. `isExpected`: the catalog names it. */
export type RaisedAlarm = { alarm: string; afterMs: number; isExpected: boolean };
/** `exceeded`: what was not as the catalog says, one per line. */
export type AlarmJudgement = { raised: RaisedAlarm[]; exceeded: string[] };

/** From the time at which the fault is in place. */
const WITHIN_MS = 20_000;
const ASK_EVERY_MS = 500;

/** Waits for the alarm that the fault must raise, and returns all that fired since its beginning. */
export async function judgeAlarms(
  watch: AlarmWatch,
  alarm: ExpectedAlarm | undefined,
  { injectedMs, inPlaceMs }: { injectedMs: number; inPlaceMs: number },
): Promise<AlarmJudgement> {
  const expected = alarm !== undefined && 'name' in alarm ? [alarm.name, alarm.or] : undefined;
  const untilMs = inPlaceMs + WITHIN_MS;
  for (;;) {
    const nowMs = Date.now();
    const firings = await watch.findFirings(injectedMs, nowMs);
    const isRaised = firings.some((firing) => expected?.includes(firing.alarm));
    if (expected !== undefined && !isRaised && nowMs < untilMs) {
      await sleep(ASK_EVERY_MS);
      continue;
    }
    const raised = firings.map((firing) => ({
      alarm: firing.alarm,
      afterMs: Math.max(0, firing.atMs - inPlaceMs),
      isExpected: expected?.includes(firing.alarm) === true,
    }));
    return { raised, exceeded: findWrong(alarm, raised) };
  }
}

export function findWrong(alarm: ExpectedAlarm | undefined, raised: RaisedAlarm[]): string[] {
  if (alarm === undefined) return [];
  if ('none' in alarm) {
    return alarm.isQuiet ? raised.map((one) => `the alarm ${one.alarm} fired, although nothing was wrong`) : [];
  }
  const found = raised.find(({ isExpected }) => isExpected);
  if (!found) {
    const others = raised.map((one) => one.alarm).join(', ') || 'none';
    return [`the alarm ${alarm.name} did not fire within ${WITHIN_MS / 1000} s (fired: ${others})`];
  }
  return found.afterMs <= WITHIN_MS
    ? []
    : [`the alarm ${alarm.name} fired after ${(found.afterMs / 1000).toFixed(1)} s`];
}
