import { readFileSync } from 'node:fs';

/** CPU time of all cores together, in ticks of Linux. */
export type MachineTicks = { busy: number; all: number };

export const MS_PER_TICK = 10;

export function readMachine(): MachineTicks {
  return parseMachine(readFileSync('/proc/stat', 'utf8'));
}

export function parseMachine(stat: string): MachineTicks {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0, steal = 0] = (
    /^cpu +([\d ]+)/.exec(stat)?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  const busy = user + nice + system + irq + softIrq + steal;
  return { busy, all: busy + idle + wait };
}
