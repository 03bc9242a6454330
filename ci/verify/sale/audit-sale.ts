import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditCheck } from '../../../db/audit/audit-rules.ts';
import type { HttpClient } from './buyers/http-client.ts';
import { sendUntil } from './buyers/send-until.ts';

const POLL_MS = 200;
const END_WITHIN_MS = 600_000;

/** Audits a stock through the API: starts the audit and waits for its end. Rejects if it fails or takes more than ten minutes. */
export async function auditSale(
  client: HttpClient,
  token: string,
  sid: number,
): Promise<{ ok: boolean; checks: AuditCheck[] }> {
  const path = `/api/v1/admin/stocks/${sid}/audit`;
  await sendUntil(client, { method: 'POST', path, token }, 202);
  const untilMs = performance.now() + END_WITHIN_MS;
  for (;;) {
    const { body } = await sendUntil(client, { method: 'GET', path, token }, 200);
    if (body.state === 'done') return { ok: body.ok === true, checks: body.checks as AuditCheck[] };
    if (body.state !== 'running') throw new Error(`the audit of stock ${sid} is ${body.state}: ${body.error}`);
    if (performance.now() > untilMs) throw new Error(`the audit of stock ${sid} did not end in time`);
    await sleep(POLL_MS);
  }
}
