import { randomBytes } from 'node:crypto';
import { drawIdOf, encodeRules, hashSeed } from '../../proto/draws/draw-rules.ts';
import { toHex } from '../../proto/draws/hex.ts';
import { publicKeyOf } from '../../proto/draws/sign-draw.ts';
import type { Session } from '../mysql/database.ts';
import { type BeaconChain, planRound } from './plan-round.ts';

export type NewDraw = {
  sid: number;
  /** Default: 1. */
  attempt?: number;
  /** Units that the rules name. */
  count: number;
  entriesOpenAtMs: number;
  entriesCloseAtMs: number;
  /** The round leaves time for the statement from then on. Default: entriesCloseAtMs. */
  roundAfterMs?: number;
  /** Attempts before this one that were void, one after another. Default: 0. */
  voids?: number;
  /** Null: no public randomness, and the shop could choose the outcome. */
  beacon: BeaconChain | null;
  /** DRAW_KEY. */
  drawKey: string;
  /** `closed`: an attempt that takes over the entries of a void one. Default: `taking`. */
  state?: 'taking' | 'closed';
  /** Of the seed. Default: those of node:crypto. */
  randomBytes?: ((size: number) => Buffer) | undefined;
};

/** Inserts the row of a draw, with a seed of its own and the rules that are published from now on. A second one rejects (1062). */
export async function createDraw(session: Session, draw: NewDraw): Promise<void> {
  const { sid, attempt = 1, count, entriesOpenAtMs, entriesCloseAtMs, beacon, drawKey, state = 'taking' } = draw;
  const { roundAfterMs = entriesCloseAtMs, voids = 0 } = draw;
  const seed = (draw.randomBytes ?? randomBytes)(32);
  const round = beacon ? planRound(beacon, roundAfterMs, voids) : null;
  const [opensAt, closesAt] = [new Date(entriesOpenAtMs), new Date(entriesCloseAtMs)];
  const rules = encodeRules({
    sid,
    attempt,
    count,
    entriesOpenAt: opensAt.toISOString(),
    entriesCloseAt: closesAt.toISOString(),
    beacon: beacon && round !== null ? { chain: beacon.chain, round } : null,
    key: publicKeyOf(drawKey),
    seedHash: toHex(hashSeed(seed)),
  });
  const drawId = Buffer.from(drawIdOf(rules));
  await session.change(
    `INSERT INTO draw (sid, attempt, draw_id, rules, seed, state, entries_open_at, entries_close_at, beacon_round) VALUES (?)`,
    [[sid, attempt, drawId, Buffer.from(rules), seed, state, opensAt, closesAt, round]],
  );
}
