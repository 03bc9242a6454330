import { Type } from 'typebox';
import { bearerSecurity, nullable, problemResponses, sidParams, sidText, time } from '../api/api-schemas.ts';

const common = { tags: ['admin'], security: bearerSecurity, params: sidParams };
const states = ['running', 'done', 'failed', 'cancelled'];

/** The latest audit of a stock. */
export const auditSchema = Type.Object(
  {
    sid: sidText,
    state: Type.String({ enum: states, description: '`failed`: `error` is the reason' }),
    checksDone: Type.Integer({ description: 'Completed checks', examples: [4] }),
    checksTotal: Type.Integer({ description: 'All checks', examples: [11] }),
    startedAt: time('Start, by the database’s clock'),
    endedAt: nullable(time('End; null while running')),
    ok: nullable(Type.Boolean({ description: 'Whether no check is broken; null until done' })),
    checks: Type.Array(
      Type.Object({
        name: Type.String({ description: 'Stable', examples: ['not_oversold'] }),
        ok: Type.Boolean({ description: 'True if `result` is not `broken`' }),
        result: Type.String({
          enum: ['holds', 'broken', 'left_out'],
          description: '`left_out`: not checked, for the reason in `detail`',
        }),
        detail: Type.String({ description: 'The counted figures, as text' }),
      }),
      { description: 'The checks; empty until done' },
    ),
    error: nullable(Type.String({ description: 'Reason of the failure' })),
  },
  { description: 'The current state of the audit' },
);

export const startAuditSchema = {
  ...common,
  operationId: 'startAudit',
  summary: 'Start an audit of a stock',
  description: [
    'Checks one snapshot of the rows against the rules of a sale. It can run during a sale, and takes minutes for millions of orders; `GET`',
    'returns its progress. A running audit is not started again. Two audits can run at a time in the whole system; a third gets `busy`.',
  ].join(' '),
  response: { 202: auditSchema, ...problemResponses('stock_not_found', 'busy') },
};

export const readAuditSchema = {
  ...common,
  operationId: 'getAudit',
  summary: 'Get the latest audit of a stock',
  description: 'Progress or result. The audits of the last 20 stocks are kept.',
  response: { 200: auditSchema, ...problemResponses('audit_not_found') },
};

export const cancelAuditSchema = {
  ...common,
  operationId: 'cancelAudit',
  summary: 'Cancel the audit of a stock',
  description: 'Its statement is killed in the database within a second. An audit that has ended stays unchanged.',
  response: { 200: auditSchema, ...problemResponses('audit_not_found') },
};
