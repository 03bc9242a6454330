import { readFileSync } from 'node:fs';
import type { DrawStep } from '../../../../order-worker/draws/work-on-draw.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import type { DrawStage } from './draw-stage.ts';

const LIMIT_MS = 60_000;

type LogLine = { sid?: number; step?: string; msg?: string };

/** Resolves with the name of the order-worker that has taken this step of the draw, as soon as its log says so. */
export async function findDrawer({ system }: DrawStage, sid: number, step: DrawStep): Promise<string> {
  const find = () => {
    for (const { name, kind } of system.supervisor.list()) {
      if (kind === 'order-worker' && hasTaken(system.supervisor.logFile(name), sid, step)) return name;
    }
    throw new Error('no log says so');
  };
  return waitUntil(`draw ${sid} to be ${step}`, find, { limitMs: LIMIT_MS });
}

function hasTaken(logFile: string, sid: number, step: DrawStep): boolean {
  const lines = readFileSync(logFile, 'utf8').split('\n');
  return lines.some((line) => {
    if (!line.includes(`"sid":${sid}`) || !line.endsWith('}')) return false;
    const { sid: of, step: taken, msg } = JSON.parse(line) as LogLine;
    return of === sid && (taken === step || (step === 'void' && msg?.startsWith('draw attempt void') === true));
  });
}
