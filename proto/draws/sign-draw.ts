import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { toHex } from './hex.ts';
import { type Statement, statementBytes, ticketBytes } from './statement.ts';

// Each entry has a signed ticket: Node's crypto takes 45 µs of CPU for a signature, @noble/curves 590 µs. Browsers only verify.

const PKCS8 = '302e020100300506032b657004220420';

/** The public key of DRAW_KEY, hexadecimal. */
export function publicKeyOf(drawKey: string): string {
  const { x } = createPublicKey(readKey(drawKey)).export({ format: 'jwk' });
  return toHex(Buffer.from(x as string, 'base64url'));
}

/** The shop's proof that the entry was made. 64 bytes. */
export function signTicket(drawKey: string, drawId: Uint8Array, entryId: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, ticketBytes(drawId, entryId), readKey(drawKey)));
}

/** 64 bytes. */
export function signStatement(drawKey: string, statement: Statement): Uint8Array {
  return new Uint8Array(sign(null, statementBytes(statement), readKey(drawKey)));
}

let latest: { drawKey: string; key: KeyObject } | undefined;

/** A process has one key. */
function readKey(drawKey: string): KeyObject {
  if (latest?.drawKey === drawKey) return latest.key;
  if (!/^[0-9a-f]{64}$/i.test(drawKey)) throw new Error('DRAW_KEY must be 64 hexadecimal characters.');
  const key = createPrivateKey({ key: Buffer.from(PKCS8 + drawKey, 'hex'), format: 'der', type: 'pkcs8' });
  latest = { drawKey, key };
  return key;
}
