import { Type } from 'typebox';
import { toHex } from '../../proto/draws/hex.ts';
import type { Draw } from '../../proto/gen/flashsale/v1/Draw.ts';
import { nullable, sidText, time } from '../api/api-schemas.ts';
import { isoOrNull } from '../api/iso-or-null.ts';

const STATES = {
  TAKING: 'taking',
  CLOSED_DRAW: 'closed',
  STATED: 'stated',
  DRAWN: 'drawn',
  DRAW_STATE_UNSPECIFIED: 'taking',
} as const;

/** A draw as the API returns it to everybody. Bytes are hexadecimal; null: not known yet. */
export type DrawView = {
  sid: string;
  mode: string;
  attempt: number;
  state: (typeof STATES)[keyof typeof STATES];
  rules: string;
  drawId: string;
  entriesOpenAt: string;
  entriesCloseAt: string;
  knownAt: string | null;
  entries: number | null;
  root: string | null;
  seed: string | null;
  statement: string | null;
  statedAt: string | null;
  beacon: { round: number; randomness: string | null; signature: string | null } | null;
  drawnAt: string | null;
  offeredPlace: number;
  lastPlace: number;
  endedAt: string | null;
  voidAttempts: { attempt: number; drawId: string; rules: string; reason: string }[];
  endedAttempts: { attempt: number; drawId: string; rules: string; endedAt: string | null }[];
};

const hex = (description: string) => Type.String({ pattern: '^[0-9a-f]+$', description });
const rules = Type.String({ description: 'The rules, byte by byte: their SHA-256 is `drawId`' });

export const drawSchema = Type.Object(
  {
    sid: sidText,
    mode: Type.String({ enum: ['rush', 'draw', 'line'], description: 'Of the stock', examples: ['draw'] }),
    attempt: Type.Integer({
      description: '1; one more after each attempt that was void or whose line ended',
      examples: [1],
    }),
    state: Type.String({
      enum: ['taking', 'closed', 'stated', 'drawn'],
      description:
        '`taking`: buyers enter; `closed`: the statement is being made; `stated`: it is public; `drawn`: all have places',
      examples: ['taking'],
    }),
    rules,
    drawId: hex('SHA-256 of the rules'),
    entriesOpenAt: time('From when buyers may enter'),
    entriesCloseAt: time('Until when buyers may enter'),
    knownAt: nullable(time('When the places are expected to be drawn; null: they are drawn')),
    entries: nullable(Type.Integer({ description: 'Entries of the statement', examples: [120_000] })),
    root: nullable(hex('Of the tree of all entries')),
    seed: nullable(hex('Public from the statement on')),
    statement: nullable(hex('Ed25519 of the shop over entries, root and seed')),
    statedAt: nullable(time('When the statement was made')),
    beacon: Type.Unsafe<DrawView['beacon']>({
      ...Type.Object({
        round: Type.Integer({ description: 'The round that decides' }),
        randomness: nullable(hex('Of the round')),
        signature: nullable(hex('Of the beacon')),
      }),
      type: ['object', 'null'],
      description: 'Public randomness; null: none, and the shop could have chosen the outcome',
    }),
    drawnAt: nullable(time('When the places were given')),
    offeredPlace: Type.Integer({ description: 'Entries up to this place had their turn', examples: [20] }),
    lastPlace: Type.Integer({ description: 'The highest place that was given', examples: [120_000] }),
    endedAt: nullable(time('When the line ended')),
    voidAttempts: Type.Array(
      Type.Object({ attempt: Type.Integer(), drawId: hex('SHA-256 of its rules'), rules, reason: Type.String() }),
      { description: 'Attempts that had no statement in time. The next one has their entries' },
    ),
    endedAttempts: Type.Array(
      Type.Object({
        attempt: Type.Integer(),
        drawId: hex('SHA-256 of its rules'),
        rules,
        endedAt: nullable(time('When its line ended')),
      }),
      { description: 'Earlier lines of the stock that have ended. Their public files: `GET …/draw/file?attempt=N`' },
    ),
  },
  { $id: 'Draw', description: 'The draw of a stock, as everybody can check it' },
);

export function drawView(draw: Draw): DrawView {
  const { sid, mode, attempt, state, entries, offeredPlace, lastPlace, beaconRound, voidAttempts } = draw;
  return {
    sid: String(sid),
    mode,
    attempt,
    state: STATES[state],
    rules: textOf(draw.rules),
    drawId: toHex(draw.drawId),
    entriesOpenAt: new Date(draw.entriesOpenAtMs).toISOString(),
    entriesCloseAt: new Date(draw.entriesCloseAtMs).toISOString(),
    knownAt: isoOrNull(draw.knownAtMs),
    entries: entries ?? null,
    root: hexOrNull(draw.root),
    seed: hexOrNull(draw.seed),
    statement: hexOrNull(draw.statement),
    statedAt: isoOrNull(draw.statedAtMs),
    beacon:
      beaconRound === undefined
        ? null
        : { round: beaconRound, randomness: hexOrNull(draw.randomness), signature: hexOrNull(draw.beaconSignature) },
    drawnAt: isoOrNull(draw.drawnAtMs),
    offeredPlace,
    lastPlace,
    endedAt: isoOrNull(draw.endedAtMs),
    voidAttempts: voidAttempts.map((one) => ({
      attempt: one.attempt,
      drawId: toHex(one.drawId),
      rules: textOf(one.rules),
      reason: one.reason,
    })),
    endedAttempts: draw.endedAttempts.map((one) => ({
      attempt: one.attempt,
      drawId: toHex(one.drawId),
      rules: textOf(one.rules),
      endedAt: isoOrNull(one.endedAtMs),
    })),
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function hexOrNull(bytes: Uint8Array): string | null {
  return bytes.length === 0 ? null : toHex(bytes);
}
