/** An error answer of Stripe. */
export class StripeProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  /** Stripe does not save the answer to a key if the parameters are not valid. */
  readonly isSaved: boolean;

  constructor(status: number, type: string, code: string | null, message: string, isSaved = true) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.isSaved = isSaved;
  }

  get body(): object {
    return { error: { type: this.type, code: this.code ?? undefined, message: this.message } };
  }
}

/** The parameters are not valid. */
export function invalidParameters(message: string, code: string | null = null): StripeProblem {
  return new StripeProblem(400, 'invalid_request_error', code, message, false);
}

/** The object does not allow it. */
export function refused(message: string, code: string | null = null): StripeProblem {
  return new StripeProblem(400, 'invalid_request_error', code, message);
}

export function notFound(what: string): StripeProblem {
  return new StripeProblem(404, 'invalid_request_error', 'resource_missing', `No such ${what}`);
}
