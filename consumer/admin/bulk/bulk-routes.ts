import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { bearerSecurity, idempotencyKeyHeader, idempotencyProblems, problemResponses } from '../../api/api-schemas.ts';
import { checkIdempotencyKey, nameRequest } from '../../api/idempotent-request.ts';
import type { Identify } from '../../auth/identify.ts';
import { nameActor } from '../../auth/name-actor.ts';
import { Problem } from '../../http/problem.ts';
import { toProblem } from '../../http/to-problem.ts';
import type { Providers } from '../../providers/connect-providers.ts';
import type { ConsumerConfig } from '../../settings/settings-schema.ts';
import { parsePictureOrigins } from '../../stocks/stock-fields.ts';
import { answerOf, type NewStockBody, newStockMessage } from '../admin-routes.ts';
import { createSchema } from '../admin-schemas.ts';
import { CSV_COLUMNS, MAX_ROWS, type Row, readRows } from './read-rows.ts';

export type BulkRoutesOptions = {
  config: Pick<ConsumerConfig, 'PICTURE_ORIGINS'>;
  identify: Identify;
  providers: Pick<Providers, 'createStocks'>;
};

type RowError = { in: 'body'; line: number; field: string; message: string };

/** POST /admin/stocks/bulk: many stocks, all or none. */
export function bulkRoutes({ config, identify, providers }: BulkRoutesOptions) {
  const pictureOrigins = parsePictureOrigins(config.PICTURE_ORIGINS);

  /** The messages of all rows. Throws Problem `invalid_request` with the errors of all rows. */
  function readMessages(request: FastifyRequest, rows: Row[]) {
    const validate = request.compileValidationSchema(createSchema.body as unknown as Record<string, unknown>, 'body');
    const errors: RowError[] = [];
    const messages = rows.flatMap(({ line, stock }) => {
      try {
        if (!validate(stock)) throw { validation: validate.errors, validationContext: 'body' };
        return [newStockMessage(stock as NewStockBody, pictureOrigins)];
      } catch (error) {
        errors.push(...rowErrors(line, error));
        return [];
      }
    });
    if (errors.length > 0) throw refusedRows(errors);
    return messages;
  }

  return async (app: FastifyInstance): Promise<void> => {
    app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, bytes: Buffer, done) => {
      try {
        done(null, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      } catch {
        done(new Problem('bad_request', 'The body is not UTF-8.'));
      }
    });
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    // The rows are validated one by one, so that the errors of all of them are answered.
    const route = { schema, onRequest: identify.adminOnly, preValidation: checkIdempotencyKey, attachValidation: true };
    api.post('/admin/stocks/bulk', route, async (request, reply) => {
      const rows = readRows(request.body);
      const items = readMessages(request, rows);
      const { stocks, faults } = await providers.createStocks({
        items,
        actor: nameActor(request),
        ...nameRequest(request),
      });
      if (faults.length > 0) {
        throw refusedRows(
          faults.map(({ row, field, description }) => ({
            in: 'body',
            line: rows[row]?.line ?? 0,
            field,
            message: description,
          })),
        );
      }
      request.log.info({ buyer: request.identity.buyer, stocks: stocks.length }, 'stocks created');
      reply.code(201).header('cache-control', 'no-store');
      return { stocks: stocks.map(answerOf) };
    });
  };
}

function rowErrors(line: number, error: unknown): RowError[] {
  const { message, extra } = toProblem(error);
  const errors = extra.errors as Omit<RowError, 'line'>[] | undefined;
  return errors ? errors.map((found) => ({ ...found, line })) : [{ in: 'body', line, field: '', message }];
}

const SHOWN = 20;

function refusedRows(errors: RowError[]): Problem {
  const shown = errors.slice(0, SHOWN).map(({ line, field, message }) => `line ${line} ${field}: ${message}`);
  const rest = errors.length > SHOWN ? `; and ${errors.length - SHOWN} more` : '';
  return new Problem('invalid_request', `No stock was created. ${shown.join('; ')}${rest}`, { errors });
}

const schema = {
  operationId: 'createStocks',
  summary: 'Create many stocks, all or none',
  description: [
    `1 to ${MAX_ROWS} stocks, as a JSON array of bodies of \`POST /admin/stocks\`, or as CSV (at most 64 KiB).`,
    `The first line of the CSV names its columns: ${CSV_COLUMNS.join(', ')}. Amounts are in the smallest unit of \`currency\`; empty cells are left out.`,
    'With an error no stock is created: `errors` names the line (in JSON the place in the array, from 1), the field and the reason of each.',
  ].join(' '),
  tags: ['admin'],
  security: bearerSecurity,
  headers: Type.Object(idempotencyKeyHeader),
  body: {
    content: {
      'application/json': { schema: Type.Array(createSchema.body, { minItems: 1, maxItems: MAX_ROWS }) },
      'text/csv': {
        schema: Type.String({ examples: ['name,count,price,currency\r\nA lamp,100,1999,EUR\r\n'] }),
      },
    },
  },
  response: {
    201: Type.Object(
      {
        stocks: Type.Array(Type.Unsafe<object>({ $ref: 'AdminStock#' }), {
          description: 'In the order of the request',
        }),
      },
      { description: 'The stocks' },
    ),
    ...problemResponses('invalid_request', ...idempotencyProblems),
  },
};
