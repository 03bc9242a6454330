import { drawIdOf } from '../draw-rules.ts';
import { DRAW_FILE_VERSION } from '../format-draw-file.ts';
import { fromHex } from '../hex.ts';
import { parseDrawFile } from '../parse-draw-file.ts';

// What others than the shop kept, and the file is compared with.

/** A statement that was seen before, at best before the beacon's round. */
export type SeenStatement = {
  drawId: Uint8Array;
  entryCount: number;
  root: Uint8Array;
  seed: Uint8Array;
  /** The shop's signature. */
  statement: Uint8Array;
  /** All ids, when another copy of the file was kept. */
  ids?: Uint8Array;
};

/** What a buyer got for his entry. */
export type Ticket = {
  drawId: Uint8Array;
  entryId: Uint8Array;
  signature: Uint8Array;
  /** With the buyer's id, the entry id can be computed again. */
  salt?: Uint8Array;
  buyer?: string;
};

/** Reads another copy of the file, or JSON as GET /api/v1/stocks/{sid}/draw answers it: drawId, entries, root, seed, statement. */
export function readSeenStatement(text: string): SeenStatement {
  if (text.startsWith(DRAW_FILE_VERSION)) {
    const { rules, entryCount, root, seed, statement, ids } = parseDrawFile(text);
    return { drawId: drawIdOf(rules), entryCount, root, seed, statement, ids };
  }
  const json = readJson(text);
  const bytes = hexField.bind(undefined, json);
  const { entries } = json;
  if (!Number.isSafeInteger(entries))
    throw new Error('There is no number of entries: it was saved before the shop stated.');
  return {
    drawId: bytes('drawId', 32),
    entryCount: entries as number,
    root: bytes('root', 32),
    seed: bytes('seed', 32),
    statement: bytes('statement', 64),
  };
}

/** Reads JSON: drawId, entryId, signature, and if given salt and buyer; also as the field `ticket` of an entry. */
export function readTicket(text: string): Ticket {
  const json = readJson(text);
  const fields = (typeof json.ticket === 'object' && json.ticket !== null ? json.ticket : json) as Json;
  const buyer = fields.buyer ?? json.buyer;
  const ticket: Ticket = {
    drawId: hexField(fields, 'drawId', 32),
    entryId: hexField(fields, 'entryId', 32),
    signature: hexField(fields, 'signature', 64),
  };
  if (fields.salt !== undefined) ticket.salt = hexField(fields, 'salt', 32);
  if (typeof buyer === 'string') ticket.buyer = buyer;
  return ticket;
}

type Json = Record<string, unknown>;

function readJson(text: string): Json {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null) throw new Error('The file has no JSON object.');
  return json as Json;
}

function hexField(json: Json, name: string, length: number): Uint8Array {
  const value = json[name];
  const bytes = typeof value === 'string' ? fromHex(value, length) : undefined;
  if (!bytes) throw new Error(`${name} must be ${2 * length} characters of 0-9 and a-f.`);
  return bytes;
}
