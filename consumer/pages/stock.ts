export type StockState = 'upcoming' | 'open' | 'paused' | 'sold_out' | 'closed';

/** A stock as the API shows it. */
export type Stock = {
  sid: number;
  name: string;
  /** In the currency's smallest unit. */
  priceCents: number;
  currency: string;
  count: number;
  sold: number;
  left: number;
  opensAt: string | null;
  closesAt: string | null;
  state: StockState;
  /** Stopped by an administrator, also before the sale opens. */
  paused: boolean;
};
