/** One alarm with samples that raise it. */
export type AlarmCase = {
  alarm: string;
  /** Of an alarm that is there twice. */
  severity?: 'page' | 'ticket';
  /** Samples of each series, every 15 s, as promtool writes them: `5x8` is 5, nine times; `0+2x8` rises by 2. */
  series: Record<string, string>;
  /** When it must not yet have fired, and when it must have. */
  quietAt?: string;
  firesAt: string;
  /** Labels of the alarm beside its severity. */
  labels?: Record<string, string>;
  description: string;
  /** The description of the same alarm with the other severity, if it fires too. */
  ticket?: string;
};

const ORDERS =
  'http_server_request_duration_seconds_count{job="consumer",http_request_method="POST",http_route="/api/v1/stocks/:sid/orders"';
export const ORDERS_201 = `${ORDERS},http_response_status_code="201"}`;
export const ORDERS_503 = `${ORDERS},http_response_status_code="503"}`;
export const TURNED_AWAY = 'flashsale_orders_turned_away_total{job="consumer"}';
