import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import type { AuditCheck } from '../../proto/gen/flashsale/v1/AuditCheck.ts';
import type { AuditJob } from '../../proto/gen/flashsale/v1/AuditJob.ts';
import type { Identify } from '../auth/identify.ts';
import { nameActor } from '../auth/name-actor.ts';
import { orProblem } from '../http/to-problem.ts';
import type { Providers } from '../providers/connect-providers.ts';
import { cancelAuditSchema, readAuditSchema, startAuditSchema } from './audit-schemas.ts';

const STATES: Record<AuditJob['state'], string> = {
  AUDIT_STATE_UNSPECIFIED: 'failed',
  AUDIT_RUNNING: 'running',
  AUDIT_DONE: 'done',
  AUDIT_FAILED: 'failed',
  AUDIT_CANCELLED: 'cancelled',
};

export type AuditRoutesOptions = {
  identify: Identify;
  providers: Pick<Providers, 'startAudit' | 'getAudit' | 'cancelAudit'>;
};

/** /admin/stocks/{sid}/audit: start, read and cancel the audit job of a stock. */
export function auditRoutes({ identify, providers }: AuditRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const onRequest = identify.adminOnly;
    const path = '/admin/stocks/:sid/audit';
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));

    api.post(path, { schema: startAuditSchema, onRequest }, async (request, reply) => {
      const { sid } = request.params;
      const job = await providers
        .startAudit({ sid, actor: nameActor(request) })
        .catch(orProblem({ [status.NOT_FOUND]: 'stock_not_found' }));
      reply.code(202);
      return auditView(job);
    });
    api.get(path, { schema: readAuditSchema, onRequest }, async ({ params: { sid } }) =>
      auditView(await providers.getAudit({ sid }).catch(orProblem({ [status.NOT_FOUND]: 'audit_not_found' }))),
    );
    api.delete(path, { schema: cancelAuditSchema, onRequest }, async (request) => {
      const job = { sid: request.params.sid, actor: nameActor(request) };
      return auditView(await providers.cancelAudit(job).catch(orProblem({ [status.NOT_FOUND]: 'audit_not_found' })));
    });
  };
}

function auditView({ sid, state, ok, checks, error, startedAtMs, endedAtMs, ...rest }: AuditJob) {
  return {
    ...rest,
    sid: String(sid),
    state: STATES[state],
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: endedAtMs ? new Date(endedAtMs).toISOString() : null,
    ok: state === 'AUDIT_DONE' ? ok : null,
    checks: checks.map(withResult),
    error: error || null,
  };
}

/** A provider of the previous release does not send `result`. */
function withResult({ result, ...check }: AuditCheck): AuditCheck {
  return { ...check, result: result || (check.ok ? 'holds' : 'broken') };
}
