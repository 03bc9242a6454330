import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';
import { isOrderNo } from '../../proto/messages/order-record.ts';
import { Problem, type ProblemCode, problemBody, problems } from '../http/problem.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../http/read-headers.ts';

// Schemas that several groups of routes use.

/** `security` of a route that needs a token. */
export const bearerSecurity = [{ bearer: [] }];

export const sidParams = Type.Object(
  { sid: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Stock id', examples: [1001] }) },
  { additionalProperties: false },
);

export const orderNoParams = Type.Object(
  { orderNo: Type.String({ maxLength: 200, description: 'Order number', examples: [exampleOrderNo()] }) },
  { additionalProperties: false },
);

/** An integer with its description and an example. */
export const integer = (description: string, example: number) => Type.Integer({ description, examples: [example] });

/** A stock id in answers and bodies: ids are texts. */
export const sidText = Type.String({ pattern: '^[1-9][0-9]{0,15}$', description: 'Stock id', examples: ['1001'] });

/** Why an administrator does something. */
export const reasonField = (description: string) =>
  Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', description });

/** A type or null, in JSON Schema 2020-12. */
export function nullable<T extends TSchema & { type: string }>(schema: T): TUnsafe<Static<T> | null> {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] });
}

export const time = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2030-01-02T10:00:00.000Z'] });

export const cursorQuery = (max: number, standard: number) => ({
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: '`nextCursor` of the previous page; default: the first page',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: max, default: standard, description: 'Maximum number of items' }),
});

export const nextCursor = nullable(Type.String({ description: '`cursor` of the next page; null on the last page' }));

export const problemSchema = Type.Object(
  {
    type: Type.String({
      description: 'Stable; the address of a page that explains it',
      examples: ['/problems/sold_out'],
    }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable', enum: Object.keys(problems) }),
    detail: Type.String(),
    instance: Type.Optional(Type.String({ description: 'Path of the request' })),
    requestId: Type.Optional(Type.String({ description: '`X-Request-Id` of the response and of the log' })),
  },
  { $id: 'Problem', additionalProperties: true, description: 'An error (RFC 9457)' },
);

/** The 200 response of a stream of events, whose data has one of these schemas. */
export function streamResponseOf(...schemas: { $ref: string }[]) {
  const data = { type: 'string', contentMediaType: 'application/json' };
  return {
    description: 'Server-sent events, with a comment every 15 s. `retry` is the time to wait before a reconnect.',
    content: {
      'text/event-stream': {
        schema: {
          type: 'object',
          properties: {
            id: { type: 'string' },
            event: { type: 'string' },
            data: schemas.length ? Object.assign(data, { contentSchema: { anyOf: schemas } }) : data,
          },
        },
      },
    },
  };
}

export const streamResponse = streamResponseOf();

/** The header of a route whose change is made once for each key. */
export const idempotencyKeyHeader = {
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: IDEMPOTENCY_KEY_PATTERN,
      description: 'A repeat with the same key gets the first answer for a day, and changes nothing',
      examples: ['"8e03978e-40d5"'],
    }),
  ),
};

export const idempotencyProblems = [
  'invalid_idempotency_key',
  'idempotency_key_in_use',
  'idempotency_key_reused',
] as const satisfies ProblemCode[];

/** The `response` entries of these problems: one per status, with an example per code. */
export function problemResponses(...codes: ProblemCode[]): Record<number, object> {
  const statuses = new Set(codes.map((code) => problems[code].status));
  const entries = [...statuses].map((status) => {
    const alike = codes.filter((code) => problems[code].status === status);
    const examples = Object.fromEntries(
      alike.map((code) => [code, { value: problemBody(new Problem(code), { requestId: 'c1d0a4b7' }) }]),
    );
    const description = alike.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' ');
    const content = { 'application/problem+json': { schema: { $ref: 'Problem#' }, examples } };
    return [status, { description, content }];
  });
  return Object.fromEntries(entries);
}

export function exampleOrderNo(): string {
  const text = '1001-01JGZ5Q3C8W4T2M6N7P9R0S1V3-4H7K2M9QXE';
  if (!isOrderNo(text)) throw new Error('not an order number');
  return text;
}
