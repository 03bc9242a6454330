/** The body of a refusal: application/problem+json. Programs decide by `code`. */
export type Problem = {
  code: string;
  title: string;
  detail: string;
  status: number;
  /** The order that this refusal decided: it is final for its key. */
  orderNo?: string;
  /** With `not_open`: when the sale opens. */
  opensAt?: string;
  /** With `too_few_left`: the units that are left. */
  left?: number;
} & Record<string, unknown>;

/** A refusal of the API or, with code `lost`, no answer: the call may have been executed. */
export class FlashSaleError extends Error {
  override name = 'FlashSaleError';
  readonly code: string;
  /** The HTTP status; 0: no answer. */
  readonly status: number;
  readonly problem: Partial<Problem>;
  /** The time to wait before another try; 0: the API named none. */
  readonly retryAfterMs: number;
  constructor(code: string, status: number, problem: Partial<Problem> = {}, retryAfterMs = 0) {
    super(problem.detail ?? code);
    this.code = code;
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}
