import { status } from '@grpc/grpc-js';
import { AUDIT_STATEMENT_MS } from '../db/audit-rules.ts';
import { auditStock } from '../db/audit-stock.ts';
import { useSession } from '../db/use-session.ts';
import type { StockServiceHandlers } from '../proto/gen/flashsale/v1/StockService.ts';
import { checkStockId } from './check-request.ts';
import { CallError } from './describe-fault.ts';
import type { StockServiceParts } from './stock-service.ts';

/** AuditStock: one at a time in this process, for it reads all of a stock while a sale may go on beside it. */
export function auditCalls({ mysql, answer }: StockServiceParts): Pick<StockServiceHandlers, 'AuditStock'> {
  let busy = false;
  return {
    AuditStock: answer(async (request) => {
      const sid = checkStockId('sid', request.sid);
      if (busy) throw new CallError(status.RESOURCE_EXHAUSTED, 'an audit is under way here; try again in a moment');
      busy = true;
      try {
        const audit = await useSession(mysql, AUDIT_STATEMENT_MS, (session) => auditStock(session, sid));
        if (!audit) throw new CallError(status.NOT_FOUND, `there is no stock ${sid}`);
        return audit;
      } finally {
        busy = false;
      }
    }),
  };
}
