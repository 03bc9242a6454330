import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditCheck } from '../../../db/audit/audit-rules.ts';
import type { Call, SaleClient } from './buyers/sale-client.ts';

const LOOK_EVERY_MS = 200;
/** A start is refused while other audits run, and while something is away. */
const START_WITHIN_MS = 30_000;
const END_WITHIN_MS = 600_000;

/** Audits a stock as administrators do: starts it and waits for its end. Rejects when it fails or takes over ten minutes. */
export async function auditSale(
  client: SaleClient,
  token: string,
  sid: number,
): Promise<{ ok: boolean; checks: AuditCheck[] }> {
  const path = `/api/v1/admin/stocks/${sid}/audit`;
  await sendUntil(client, { method: 'POST', path, token }, 202, START_WITHIN_MS);
  const untilMs = performance.now() + END_WITHIN_MS;
  for (;;) {
    const { body } = await sendUntil(client, { method: 'GET', path, token }, 200, START_WITHIN_MS);
    if (body.state === 'done') return { ok: body.ok === true, checks: body.checks as AuditCheck[] };
    if (body.state !== 'running') throw new Error(`the audit of stock ${sid} is ${body.state}: ${body.error}`);
    if (performance.now() > untilMs) throw new Error(`the audit of stock ${sid} takes too long`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function sendUntil(client: SaleClient, call: Call, wanted: number, withinMs: number) {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const answer = await client.send(call);
    if (answer.status === wanted) return answer;
    if (performance.now() > untilMs || (answer.status >= 400 && answer.status < 500)) {
      throw new Error(`${call.path}: ${answer.status || 'no answer'} ${JSON.stringify(answer.body)}`);
    }
    await sleep(Math.max(answer.retryAfterMs, LOOK_EVERY_MS));
  }
}
