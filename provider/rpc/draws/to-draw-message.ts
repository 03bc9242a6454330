import type { Draw } from '../../../db/draws/draw-table.ts';
import type { Entry } from '../../../db/draws/entry-table.ts';
import type { DrawInput } from '../../../proto/gen/flashsale/v1/Draw.ts';
import type { EndedAttemptInput } from '../../../proto/gen/flashsale/v1/EndedAttempt.ts';
import type { EntryInput } from '../../../proto/gen/flashsale/v1/Entry.ts';
import { drawnByMs } from './drawn-by-ms.ts';

const DRAW_STATES = {
  taking: 'TAKING',
  closed: 'CLOSED_DRAW',
  stated: 'STATED',
  drawn: 'DRAWN',
  void: 'CLOSED_DRAW',
} as const;
const ENTRY_STATES = { waiting: 'WAITING', offered: 'OFFERED', left: 'LEFT' } as const;
const NONE = Buffer.alloc(0);

/** The message of a draw. `attempts`: all of them, the last one is the one that counts. */
export function toDrawMessage(attempts: [...before: Draw[], latest: Draw], freshForMs: number): DrawInput {
  const draw = attempts.at(-1) as Draw;
  const { sid, mode, attempt, state, rules, drawId, offeredPlace, lastPlace } = draw;
  return {
    sid,
    mode,
    attempt,
    state: DRAW_STATES[state],
    rules: Buffer.from(rules),
    drawId: Buffer.from(drawId),
    root: bytesOf(draw.root),
    seed: bytesOf(draw.seed),
    statement: bytesOf(draw.statement),
    randomness: bytesOf(draw.randomness),
    beaconSignature: bytesOf(draw.beaconSignature),
    offeredPlace,
    lastPlace,
    entriesOpenAtMs: draw.entriesOpenAtMs,
    entriesCloseAtMs: draw.entriesCloseAtMs,
    ...(draw.entryCount !== null && { entries: draw.entryCount }),
    ...(draw.statedAtMs !== null && { statedAtMs: draw.statedAtMs }),
    ...(draw.beaconRound !== null && { beaconRound: draw.beaconRound }),
    ...(draw.drawnAtMs !== null && { drawnAtMs: draw.drawnAtMs }),
    ...(draw.drawnAtMs === null && { knownAtMs: drawnByMs(draw) }),
    ...(draw.endedAtMs !== null && { endedAtMs: draw.endedAtMs }),
    voidAttempts: attempts
      .filter((one) => one.state === 'void')
      .map((one) => ({
        attempt: one.attempt,
        drawId: Buffer.from(one.drawId),
        rules: Buffer.from(one.rules),
        reason: one.voidReason ?? '',
      })),
    endedAttempts: attempts
      .slice(0, -1)
      .filter((one) => one.state !== 'void')
      .map(toEndedAttempt),
    freshForMs: Math.max(0, Math.floor(freshForMs)),
  };
}

function toEndedAttempt(draw: Draw): EndedAttemptInput {
  const { attempt, rules, drawId, entryCount, beaconRound, endedAtMs } = draw;
  return {
    attempt,
    rules: Buffer.from(rules),
    drawId: Buffer.from(drawId),
    root: bytesOf(draw.root),
    seed: bytesOf(draw.seed),
    statement: bytesOf(draw.statement),
    beaconSignature: bytesOf(draw.beaconSignature),
    ...(entryCount !== null && { entries: entryCount }),
    ...(beaconRound !== null && { beaconRound }),
    ...(endedAtMs !== null && { endedAtMs }),
  };
}

/** The message of an entry. `draw`: the latest of its stock. */
export function toEntryMessage(entry: Entry, draw: Draw | undefined): EntryInput {
  const { sid, buyer, state, enteredAtMs, place, offeredPlace, orderNo, drawId, entryId, salt, ticket } = entry;
  const waits = state === 'waiting';
  return {
    sid,
    buyer,
    state: ENTRY_STATES[state],
    enteredAtMs,
    orderNo: orderNo ?? '',
    drawId: Buffer.from(drawId),
    entryId: Buffer.from(entryId),
    salt: Buffer.from(salt),
    signature: bytesOf(ticket),
    ...(place !== null && { place }),
    // Those in between may have left.
    ...(place !== null && waits && { ahead: Math.max(0, place - offeredPlace - 1) }),
    ...(place === null && waits && draw && { knownAtMs: drawnByMs(draw) }),
  };
}

function bytesOf(bytes: Uint8Array | null | undefined): Buffer {
  return bytes ? Buffer.from(bytes) : NONE;
}
