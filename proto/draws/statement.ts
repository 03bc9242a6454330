import { ed25519 } from '@noble/curves/ed25519';
import { concatBytes, drawTag, u64be } from './draw-bytes.ts';
import { fromHex } from './hex.ts';

/** What the shop states after closing and before the beacon's round. */
export type Statement = { drawId: Uint8Array; entryCount: number; root: Uint8Array; seed: Uint8Array };

/** The bytes that the shop signs. */
export function statementBytes({ drawId, entryCount, root, seed }: Statement): Uint8Array {
  return concatBytes(drawTag('root'), drawId, u64be(entryCount), root, seed);
}

/** The bytes that the shop signs for one entry. */
export function ticketBytes(drawId: Uint8Array, entryId: Uint8Array): Uint8Array {
  return concatBytes(drawTag('ticket'), drawId, entryId);
}

/** `publicKey`: hexadecimal. */
export function isStatement(publicKey: string, statement: Statement, signature: Uint8Array): boolean {
  return isSigned(publicKey, statementBytes(statement), signature);
}

/** `publicKey`: hexadecimal. */
export function isTicket(publicKey: string, drawId: Uint8Array, entryId: Uint8Array, signature: Uint8Array): boolean {
  return isSigned(publicKey, ticketBytes(drawId, entryId), signature);
}

// RFC 8032 with canonical encodings (zip215 would take others): what one verifier takes, all take.
function isSigned(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  const key = fromHex(publicKey, 32);
  return key !== undefined && signature.length === 64 && ed25519.verify(signature, message, key, { zip215: false });
}
