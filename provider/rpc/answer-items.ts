import { status } from '@grpc/grpc-js';
import type { ItemFaultInput } from '../../proto/gen/flashsale/v1/ItemFault.ts';
import { describeFault, InvalidFieldError } from './describe-fault.ts';

const MAX_ITEMS = 100;

export type ItemResult<Reply> = { reply: Reply } | { fault: ItemFaultInput };

/** Answers each item of a call as a call of its own: an item that fails does not fail the others. */
export async function answerItems<Item, Reply>(
  items: Item[],
  answer: (item: Item) => Promise<Reply>,
  warn: (fields: Record<string, unknown>) => void,
): Promise<ItemResult<Reply>[]> {
  if (items.length < 1 || items.length > MAX_ITEMS) {
    throw new InvalidFieldError('items', `must have 1 to ${MAX_ITEMS} items, has ${items.length}`);
  }
  return Promise.all(
    items.map(async (item) => {
      try {
        return { reply: await answer(item) };
      } catch (error) {
        const { code, details, reason } = describeFault(error);
        if (code === status.INTERNAL || code === status.UNAVAILABLE) warn({ err: error });
        return { fault: { code, details, reason } };
      }
    }),
  );
}
