import type { OrderServiceHandlers } from '../../../proto/gen/flashsale/v1/OrderService.ts';
import { checkRange } from '../check-request.ts';
import { CallError } from '../describe-fault.ts';
import type { OrderServiceOptions } from './order-service-options.ts';

const PAGE_SIZE = 100;

/** The rpc that lists dead letters. It reads the topic without a group and changes nothing. */
export function createDeadLetterCall({
  answer,
  readDeadLetters,
}: Pick<OrderServiceOptions, 'answer' | 'readDeadLetters'>): Pick<OrderServiceHandlers, 'ListDeadLetters'> {
  return {
    ListDeadLetters: answer(async (request) => {
      const before = checkRange('before_offset', request.beforeOffset, 0, Number.MAX_SAFE_INTEGER);
      const limit = checkRange('page_size', request.pageSize, 0, PAGE_SIZE) || PAGE_SIZE;
      if (!readDeadLetters) throw new CallError('LOG_UNAVAILABLE', 'this process does not read the log');
      const { items, next } = await readDeadLetters({ before: before === 0 ? null : BigInt(before), limit });
      return { letters: items, nextBeforeOffset: Number(next ?? 0) };
    }),
  };
}
