import { Type } from 'typebox';
import { bearerSecurity, nullable, problemResponses, sidParams, time } from '../api/api-schemas.ts';

const common = { tags: ['admin'], security: bearerSecurity, params: sidParams };
const states = ['running', 'done', 'failed', 'cancelled'];

/** The last audit of a stock, as it stands. */
export const auditSchema = Type.Object(
  {
    sid: Type.Integer(),
    state: Type.String({ enum: states, description: '`failed`: `error` says why' }),
    checksDone: Type.Integer({ description: 'Checks that are done', examples: [4] }),
    checksTotal: Type.Integer({ description: 'Checks that there are', examples: [11] }),
    startedAt: time('When it was started, by the database’s clock'),
    endedAt: nullable(time('When it ended; null while it runs')),
    ok: nullable(Type.Boolean({ description: 'No check is broken; null until it is done' })),
    checks: Type.Array(
      Type.Object({
        name: Type.String({ description: 'Stable', examples: ['not_oversold'] }),
        ok: Type.Boolean({ description: 'Not broken: it holds, or was left out' }),
        result: Type.String({
          enum: ['holds', 'broken', 'left_out'],
          description: '`left_out`: not checked, because the rows of this stock cannot show it; `detail` says why',
        }),
        detail: Type.String({ description: 'What was counted, for people' }),
      }),
      { description: 'Each promise, checked; empty until it is done' },
    ),
    error: nullable(Type.String({ description: 'Why it failed' })),
  },
  { description: 'The audit as it stands', additionalProperties: false },
);

export const startAuditSchema = {
  ...common,
  operationId: 'startAudit',
  summary: 'Check the promises on a stock’s rows',
  description: [
    'Starts an audit of one snapshot of the rows, which may run during a sale and takes minutes for a stock of millions; `GET` says how',
    'far it is. One that is under way is not started again. Two run at once in the whole system; a third gets `busy`.',
  ].join(' '),
  response: { 202: auditSchema, ...problemResponses('stock_not_found', 'busy') },
};

export const readAuditSchema = {
  ...common,
  operationId: 'getAudit',
  summary: 'The last audit of a stock',
  description: 'How far it is, or what it found. Those of the last 20 stocks are kept.',
  response: { 200: auditSchema, ...problemResponses('audit_not_found') },
};

export const cancelAuditSchema = {
  ...common,
  operationId: 'cancelAudit',
  summary: 'Cancel the audit of a stock',
  description: 'Its statement is ended in the database within a second. One that has ended stays as it is.',
  response: { 200: auditSchema, ...problemResponses('audit_not_found') },
};
