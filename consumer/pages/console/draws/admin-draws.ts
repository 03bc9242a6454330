import { effect, signal } from '@preact/signals';
import type { DrawView } from '../../../draws/draw-view.ts';
import { ApiError } from '../../call-api.ts';
import { goesToEntries } from '../../stock.ts';
import { callAdmin } from '../parts/call-admin.ts';
import { chosenSid } from '../stocks/stock-events.ts';
import { stocks } from '../stocks/stocks.ts';

/** A draw in the administrators' API, with its counts. */
export type AdminDraw = DrawView & {
  waiting: number;
  offered: number;
  left: number;
  enteredLastMinute: number;
  /** People whom a line reaches if no offer is paid; null: its sale has no end. */
  reachesAtMost: number | null;
};

/** Of the chosen stock. `none`: it has no draw yet. */
export const adminDraw = signal<AdminDraw | 'none' | null>(null);
export const drawFault = signal<ApiError | null>(null);

// Counting a million entries takes the API longer, and it counts less often.
const READ_EVERY_MS = 2000;

/** Reads the draw of the chosen stock repeatedly, while it goes to entries and the page is visible. Returns the end. */
export function followAdminDraw(): () => void {
  return effect(() => {
    const sid = chosenSid.value;
    const hasDraw = (stocks.value ?? []).some((stock) => stock.sid === sid && goesToEntries(stock));
    const known = adminDraw.peek();
    if (known === 'none' || known?.sid !== sid) adminDraw.value = null;
    drawFault.value = null;
    return sid === null || !hasDraw ? undefined : pollDraw(sid);
  });
}

function pollDraw(sid: string): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const readForever = async () => {
    if (document.visibilityState === 'visible') {
      const read = await readAdminDraw(sid).catch((error: ApiError) => error);
      if (isOver) return;
      if (read instanceof ApiError) drawFault.value = read;
      else {
        adminDraw.value = read;
        drawFault.value = null;
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

async function readAdminDraw(sid: string): Promise<AdminDraw | 'none'> {
  try {
    return (await callAdmin<AdminDraw>(`/admin/stocks/${sid}/draw`)).body;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return 'none';
    throw error;
  }
}
