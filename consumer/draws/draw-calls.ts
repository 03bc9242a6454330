import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Draw } from '../../proto/gen/flashsale/v1/Draw.ts';
import type { EnterDrawReply } from '../../proto/gen/flashsale/v1/EnterDrawReply.ts';
import type { EnterDrawRequestInput } from '../../proto/gen/flashsale/v1/EnterDrawRequest.ts';
import type { Entry } from '../../proto/gen/flashsale/v1/Entry.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { createFreshCache, type Fresh, type FreshCache } from '../../proto/process/fresh-cache.ts';
import type { Providers } from '../providers/connect-providers.ts';
import { type ShareOptions, shareCalls } from '../providers/share-calls.ts';

type EntryKey = { sid: number; buyer: string };

export type DrawCalls = {
  enterDraw(request: EnterDrawRequestInput): Promise<EnterDrawReply>;
  /** Null: the buyer has no entry. */
  readEntry(key: EntryKey): Promise<Entry | null>;
  /** Null: the stock has no draw. At most one second old. */
  draws: FreshCache<number, Draw | null>;
};

export type DrawCallsOptions = ShareOptions & {
  providers: Pick<Providers, 'enterDraws' | 'getEntries' | 'getDraw'>;
};

const READS = { maxBatch: 1000, maxInFlight: 2, maxWaiting: 20_000 };
const MAX_DRAWS_IN_MEMORY = 1000;
const DRAW_FRESH_MS = 1000;

/** The calls about draws that many buyers make. Those that come together share a call. */
export function createDrawCalls({ clock, deadlineMs, providers }: DrawCallsOptions): DrawCalls {
  return {
    enterDraw: shareCalls(
      { clock, deadlineMs },
      {
        together: providers.enterDraws,
        async alone(item: EnterDrawRequestInput) {
          const [result] = (await providers.enterDraws({ items: [item] })).results;
          return result?.reply ?? Promise.reject(toServiceError(result?.fault));
        },
        // A buyer has one entry for each stock, so a repeat changes nothing.
        retriesItems: true,
      },
    ),
    readEntry: createBatcher<EntryKey, Entry | null>({
      ...READS,
      clock,
      async send(pairs) {
        const { entries } = await providers.getEntries({ pairs });
        const found = new Map(entries.map((entry) => [`${entry.sid} ${entry.buyer}`, entry]));
        return pairs.map(({ sid, buyer }) => found.get(`${sid} ${buyer}`) ?? null);
      },
    }),
    draws: createFreshCache(clock, MAX_DRAWS_IN_MEMORY, async (sid: number): Promise<Fresh<Draw | null>> => {
      try {
        const value = await providers.getDraw({ sid });
        return { value, freshForMs: Math.min(value.freshForMs, DRAW_FRESH_MS), heldMs: 0 };
      } catch (error) {
        if ((error as { code?: number }).code !== status.NOT_FOUND) throw error;
        return { value: null, freshForMs: DRAW_FRESH_MS, heldMs: 0 };
      }
    }),
  };
}

function toServiceError(fault: { code: number; details: string } | null | undefined): Error {
  const { code, details } = fault ?? { code: status.INTERNAL, details: 'no result for an item' };
  const parts: Pick<ServiceError, 'code' | 'details' | 'metadata'> = { code, details, metadata: new Metadata() };
  return Object.assign(new Error(`${status[code] ?? code}: ${details}`), parts);
}
