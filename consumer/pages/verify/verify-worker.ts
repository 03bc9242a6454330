import type { DrawCheck } from '../../../proto/draws/verify/draw-check.ts';
import { readSeenStatement, readTicket } from '../../../proto/draws/verify/read-proofs.ts';
import { verifyDraw } from '../../../proto/draws/verify/verify-draw.ts';
import type { VerifyLanguage } from './verify-texts.ts';

export type VerifyRequest = { file: File; seen?: File; ticket?: File; language: VerifyLanguage };
export type VerifyAnswer = { ok: boolean; checks: DrawCheck[] } | { unread: string };

// A million entries take seconds: the page stays usable.
addEventListener('message', async ({ data }: MessageEvent<VerifyRequest>) => {
  postMessage(await verify(data));
});

async function verify({ file, seen, ticket, language }: VerifyRequest): Promise<VerifyAnswer> {
  try {
    const { ok, checks } = verifyDraw(await file.text(), {
      seen: await readProof(seen, readSeenStatement),
      ticket: await readProof(ticket, readTicket),
      language,
    });
    return { ok, checks };
  } catch (error) {
    return { unread: (error as Error).message };
  }
}

async function readProof<T>(file: File | undefined, read: (text: string) => T): Promise<T | undefined> {
  if (!file) return undefined;
  try {
    return read(await file.text());
  } catch (error) {
    throw new Error(`${file.name}: ${(error as Error).message}`);
  }
}
