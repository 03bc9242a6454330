import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { ItemFault } from '../../proto/gen/flashsale/v1/ItemFault.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { type Clock, settleWithin } from '../../proto/process/clock.ts';
import { Problem } from '../http/problem.ts';
import { isServiceError } from '../http/to-problem.ts';

export type ShareOptions = {
  clock: Clock;
  /** No item waits for longer. */
  deadlineMs: number;
};

type Result<Reply> = { reply: Reply | null; fault: Pick<ItemFault, 'code' | 'details'> | null };
export type CallsOf<Item, Reply> = {
  /** The rpc for 1 to 100 items. */
  together(request: { items: Item[] }): Promise<{ results: Result<Reply>[] }>;
  alone(item: Item): Promise<Reply>;
  /** An item that the provider could not answer is asked for once more, alone, as gRPC retries a read. */
  retriesItems?: boolean;
};
type Queued<Item> = { item: Item; untilMs: number };
/** A promise inside an object: a promise of an array of promises would wait for all of them. */
type Running<Reply> = { reply: Promise<Reply> };

const LIMITS = { maxBatch: 100, maxInFlight: 32, maxWaiting: 2000 };
/** An item that comes this long after the last call goes at once. */
const GAP_MS = 10;
/** How long providers of an earlier release get a call for each item, before they are asked again. */
const ALONE_MS = 10_000;

/** Items that come together share a call. An item that fails does not fail the others. Rejects as `alone` does, and with a Problem when it is too late. */
export function shareCalls<Item, Reply>(
  { clock, deadlineMs }: ShareOptions,
  { together, alone, retriesItems = false }: CallsOf<Item, Reply>,
): (item: Item) => Promise<Reply> {
  let aloneUntilMs = Number.NEGATIVE_INFINITY;

  async function send(queued: Queued<Item>[]): Promise<Running<Reply>[]> {
    const due = queued.filter(({ untilMs }) => clock.nowMs() < untilMs);
    const replies = due.length > 1 && clock.nowMs() >= aloneUntilMs ? await sendTogether(due) : due.map(sendAlone);
    const replyOf = new Map(due.map((entry, i) => [entry, replies[i]]));
    return queued.map((entry) => ({
      reply: watched(replyOf.get(entry) ?? Promise.reject(new Problem('unavailable'))),
    }));
  }

  async function sendTogether(due: Queued<Item>[]): Promise<Promise<Reply>[]> {
    try {
      const { results } = await together({ items: due.map(({ item }) => item) });
      return due.map((entry, i) => {
        const result = results[i];
        return retriesItems && result?.fault?.code === status.UNAVAILABLE ? sendAlone(entry) : replyOfResult(result);
      });
    } catch (error) {
      // A provider of an earlier release: it has done nothing.
      if (!isServiceError(error) || error.code !== status.UNIMPLEMENTED) throw error;
      aloneUntilMs = clock.nowMs() + ALONE_MS;
      return due.map(sendAlone);
    }
  }

  const sendAlone = ({ item }: Queued<Item>): Promise<Reply> => alone(item);

  const gather = createBatcher<Queued<Item>, Running<Reply>>({ clock, send, ...LIMITS, gapMs: () => GAP_MS });
  return (item) => {
    const answered = gather({ item, untilMs: clock.nowMs() + deadlineMs }).then(({ reply }) => reply);
    return settleWithin(clock, deadlineMs, answered, (_, reject) => reject(new Problem('unavailable')));
  };
}

async function replyOfResult<Reply>(result: Result<Reply> | undefined): Promise<Reply> {
  if (result?.reply) return result.reply;
  const { code, details } = result?.fault ?? { code: status.INTERNAL, details: 'no result for an item' };
  const fault: Pick<ServiceError, 'code' | 'details' | 'metadata'> = { code, details, metadata: new Metadata() };
  throw Object.assign(new Error(`${status[code] ?? code}: ${details}`), fault);
}

/** The caller attaches its own handler one turn later. */
function watched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
