import { availableParallelism, loadavg } from 'node:os';
import { MS_PER_TICK, readMachine } from '../../local/supervisor/read-machine.ts';
import type { ProcessUse } from './buyers/watch-processes.ts';

/** What the machine did during the sale. Shares are of all cores, from 0 to 1. */
export type MachineUse = {
  cores: number;
  /** Of the minute before the sale. */
  loadBefore: number;
  busyShare: number;
  /** Undefined where the processes of the system are not known. */
  ownShare: number | undefined;
};

/** Other work that takes more than this share of the cores makes the figures of a sale worse. */
const NOTICED_SHARE = 0.1;

/** Reads the machine's clocks until `stop`. */
export function watchMachine(): { stop(): void; read(own?: Record<string, ProcessUse>): MachineUse } {
  const cores = availableParallelism();
  const [loadBefore = 0] = loadavg();
  const before = readMachine();
  let after = before;
  return {
    stop() {
      after = readMachine();
    },
    read(own) {
      const ticks = Math.max(1, after.all - before.all);
      const ownMs = own && Object.values(own).reduce((sum, { cpuSeconds }) => sum + cpuSeconds * 1000, 0);
      return {
        cores,
        loadBefore: round(loadBefore),
        busyShare: round((after.busy - before.busy) / ticks),
        ownShare: ownMs === undefined ? undefined : round(Math.min(1, ownMs / (ticks * MS_PER_TICK))),
      };
    },
  };
}

/** One line if the machine was busy with other work; otherwise none. */
export function describeMachine({ cores, loadBefore, busyShare, ownShare }: MachineUse): string[] {
  const otherShare = ownShare === undefined ? 0 : busyShare - ownShare;
  if (otherShare <= NOTICED_SHARE && loadBefore <= cores) return [];
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const uses =
    ownShare === undefined
      ? ''
      : `, ${percent(ownShare)} by the sale and ${percent(Math.max(0, otherShare))} by other work`;
  return [
    `The machine was busy: load ${loadBefore} before the sale on ${cores} cores; ${percent(busyShare)} used during it${uses}.`,
  ];
}

const round = (value: number) => Math.round(value * 100) / 100;
