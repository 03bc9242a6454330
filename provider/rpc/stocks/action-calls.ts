import type { Session } from '../../../db/mysql/database.ts';
import { type ActionName, insertAction, listActions, MAX_DETAIL } from '../../../db/stocks/admin-action-table.ts';
import type { StockServiceHandlers } from '../../../proto/gen/flashsale/v1/StockService.ts';
import { checkRange } from '../check-request.ts';
import { InvalidFieldError } from '../describe-fault.ts';
import { checkActor } from '../record-change.ts';
import type { StockServiceOptions } from './stock-service-options.ts';

const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
const TARGET = /^[!-~]{1,64}$/;
/** RecordAction records these. All other actions are recorded by the transaction of their rpc. */
const RECORDED_ALONE: readonly ActionName[] = ['exportOrders', 'startExperiment'];

/** The rpcs that record and list administrators' actions. */
export function createActionCalls(parts: Pick<StockServiceOptions, 'database' | 'answer' | 'limitList'>) {
  const { database, answer, limitList } = parts;
  return {
    RecordAction: answer(async (request) => {
      if (request.actor === null) throw new InvalidFieldError('actor', 'is required');
      const recorded = {
        actor: checkActor(request.actor),
        action: checkAction(request.action),
        target: checkTarget(request.target),
        detail: checkDetail(request.detail),
      };
      await database.session((session) => insertAction(session, recorded));
      return {};
    }),

    ListActions: answer(async (request) => {
      const beforeId = checkRange('before_id', request.beforeId, 0, Number.MAX_SAFE_INTEGER);
      const pageSize = checkRange('page_size', request.pageSize, 0, MAX_PAGE_SIZE) || PAGE_SIZE;
      const sid = checkRange('sid', request.sid, 0, Number.MAX_SAFE_INTEGER);
      const read = (session: Session) => listActions(session, { sid, beforeId, limit: pageSize + 1 });
      const found = await limitList(() => database.session(read));
      const actions = found.slice(0, pageSize);
      return { actions, nextBeforeId: found.length > pageSize ? (actions.at(-1)?.actionId ?? 0) : 0 };
    }),
  } satisfies Pick<StockServiceHandlers, 'RecordAction' | 'ListActions'>;
}

function checkAction(name: string): ActionName {
  const action = RECORDED_ALONE.find((known) => known === name);
  if (!action) throw new InvalidFieldError('action', `must be one of ${RECORDED_ALONE.join(', ')}`);
  return action;
}

function checkTarget(target: string): string {
  if (!TARGET.test(target)) throw new InvalidFieldError('target', 'must be 1 to 64 visible ASCII characters');
  return target;
}

function checkDetail(detail: string): string {
  if ([...detail].length > MAX_DETAIL) throw new InvalidFieldError('detail', `has more than ${MAX_DETAIL} characters`);
  if (!detail.isWellFormed() || !isJsonObject(detail)) throw new InvalidFieldError('detail', 'must be a JSON object');
  return detail;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
