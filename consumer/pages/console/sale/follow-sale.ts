import { effect, signal } from '@preact/signals';
import type { HistoryView } from '../../../admin/sales/history-routes.ts';
import type { SummaryView } from '../../../admin/sales/summary-routes.ts';
import { ApiError } from '../../call-api.ts';
import { callAdmin } from '../parts/call-admin.ts';
import { chosenSid } from '../stocks/stock-events.ts';

export type SaleSummary = SummaryView;
export type SaleHistory = HistoryView;
export type SaleBucket = SaleHistory['buckets'][number];

/** Figures and time line of the chosen sale, as the server has them. Null: not read yet. */
export const saleFigures = signal<SaleSummary | null>(null);
export const saleHistory = signal<SaleHistory | null>(null);
export const saleFault = signal<ApiError | null>(null);
/** The whole time line, or only the time around opening and selling out. */
export const saleSpan = signal<'whole' | 'opening'>('whole');

const READ_EVERY_MS = 3000;
const BEFORE_OPENING_MS = 5000;
const MIN_OPENING_MS = 60_000;
const MAX_OPENING_MS = 180_000;

/** Reads the chosen sale repeatedly, while the page is visible. Returns the end. */
export function followSale(): () => void {
  return effect(() => {
    const sid = chosenSid.value;
    saleSpan.value;
    if (saleFigures.peek()?.sid !== sid) saleFigures.value = null;
    saleHistory.value = null;
    saleFault.value = null;
    return sid === null ? undefined : poll(sid);
  });
}

function poll(sid: string): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const readForever = async () => {
    if (document.visibilityState === 'visible') {
      const read = await readSale(sid).catch((error: ApiError) => error);
      if (isOver) return;
      if (read instanceof ApiError) saleFault.value = read;
      else {
        [saleFigures.value, saleHistory.value] = read;
        saleFault.value = null;
      }
    }
    timer = setTimeout(() => void readForever(), READ_EVERY_MS);
  };
  void readForever();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

async function readSale(sid: string): Promise<[SaleSummary, SaleHistory]> {
  const figures = (await callAdmin<SaleSummary>(`/admin/stocks/${sid}/summary`)).body;
  const query = saleSpan.peek() === 'opening' ? openingOf(saleHistory.peek()) : '';
  const history = (await callAdmin<SaleHistory>(`/admin/stocks/${sid}/history${query}`)).body;
  if (saleSpan.peek() === 'whole' || query !== '') return [figures, history];
  // The first read tells where the opening is.
  return [figures, (await callAdmin<SaleHistory>(`/admin/stocks/${sid}/history${openingOf(history)}`)).body];
}

/** From just before the opening to just behind the selling out, at most three minutes. */
function openingOf(history: SaleHistory | null): string {
  const first = history?.firstOrderAt ?? history?.opensAt;
  if (!history || !first) return '';
  const opensMs = Date.parse(history.opensAt ?? first);
  const firstMs = Date.parse(first);
  const startMs = Math.abs(firstMs - opensMs) < MAX_OPENING_MS ? opensMs : firstMs;
  const soldOutMs = history.soldOutAt === null ? 0 : (Date.parse(history.soldOutAt) - startMs) * 1.2;
  const lengthMs = Math.min(MAX_OPENING_MS, Math.max(MIN_OPENING_MS, soldOutMs));
  const iso = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
  return `?from=${iso(startMs - BEFORE_OPENING_MS)}&until=${iso(startMs + lengthMs)}`;
}
