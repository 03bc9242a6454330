import type { Static } from 'typebox';
import type { auditSchema } from '../../../admin/audit-schemas.ts';
import { ApiError } from '../../call-api.ts';
import { callAdmin } from '../parts/call-admin.ts';

type AuditView = Static<typeof auditSchema>;
/** `left_out`: not checked; `detail` says why. */
export type AuditCheck = AuditView['checks'][number] & { result: 'holds' | 'broken' | 'left_out' };
export type Audit = Omit<AuditView, 'checks'> & { checks: AuditCheck[] };

const READ_EVERY_MS = 300;

/** Starts an audit, or joins the running one, and waits until it is done or cancelled. Rejects with an ApiError. */
export async function auditStock(sid: string, onProgress: (audit: Audit) => void): Promise<Audit> {
  const path = `/admin/stocks/${sid}/audit`;
  let { body: audit } = await callAdmin<Audit>(path, { method: 'POST' });
  while (audit.state === 'running') {
    onProgress(audit);
    await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
    audit = (await callAdmin<Audit>(path)).body;
  }
  if (audit.state !== 'failed') return audit;
  throw new ApiError('internal', 0, { detail: audit.error ?? audit.state });
}

export async function cancelAudit(sid: string): Promise<void> {
  await callAdmin(`/admin/stocks/${sid}/audit`, { method: 'DELETE' });
}
