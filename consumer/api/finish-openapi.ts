/** Calls with an optional body. */
const OPTIONAL_BODY = new Set(['createOrder', 'startPayment', 'createDemoToken', 'cancelOrderForBuyer']);

/**
 * Ids of 16 digits are refused above 2^53 - 1, which a short pattern cannot say: this one ends at 9 × 10^15 - 1. A client that follows it sends no
 * id that is refused.
 */
const SID_TO_ASK = '^([1-9][0-9]{0,14}|[1-8][0-9]{15})$';

type Response = { $ref?: string; content?: Record<string, { examples?: Record<string, unknown> }> };
type Parameter = {
  name?: string;
  required?: boolean;
  example?: unknown;
  schema?: { default?: unknown; type?: string; pattern?: string };
};
type Operation = {
  operationId?: string;
  requestBody?: { required?: boolean };
  parameters?: Parameter[];
  security?: object[];
  responses?: Record<string, Response>;
};
type Document = { paths?: object; components?: object };

/** Completes the plugin's document. */
export function finishOpenApi<T extends Document>(document: T): T {
  const shared: Record<string, Response> = {};
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path as Record<string, Operation>)) {
      markOptional(operation);
      describeIds(operation);
      // Says that the call needs no token.
      operation.security ??= [];
      shareProblems(operation, shared);
    }
  }
  document.components = Object.assign({}, document.components, { responses: shared });
  return document;
}

/** The plugin marks all bodies as required, and parameters with a default. */
function markOptional({ operationId = '', requestBody, parameters = [] }: Operation): void {
  if (requestBody && OPTIONAL_BODY.has(operationId)) requestBody.required = false;
  for (const parameter of parameters) if (parameter.schema?.default !== undefined) parameter.required = false;
}

/** An id is a text. The routes read it as a number. */
function describeIds({ parameters = [] }: Operation): void {
  for (const parameter of parameters) {
    if (parameter.name !== 'sid') continue;
    parameter.schema = { type: 'string', pattern: SID_TO_ASK };
    parameter.example = '1001';
  }
}

/** Problems are the same in every call: each response is described once, under its codes. */
function shareProblems({ responses = {} }: Operation, shared: Record<string, Response>): void {
  for (const [status, response] of Object.entries(responses)) {
    const codes = Object.keys(response.content?.['application/problem+json']?.examples ?? {});
    if (codes.length === 0) continue;
    const name = codes.join('.');
    shared[name] ??= response;
    if (JSON.stringify(shared[name]) === JSON.stringify(response)) {
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
}
