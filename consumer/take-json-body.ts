import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/**
 * Bodies are JSON. An empty one is no body, whatever its type says: many clients send a Content-Type with every request. Whether one
 * is needed says the schema of the route.
 */
export function takeJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body, done);
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length === 0) done(null, undefined);
    else done(new Problem('unsupported_media_type'));
  });
}

/** onRequest: takes away the type of a body that is not there. Fastify would refuse one that makes no sense before it looks for a parser. */
export function dropTypeOfNothing({ raw }: FastifyRequest): void {
  const { 'content-length': length, 'transfer-encoding': coding } = raw.headers;
  if (coding === undefined && (length === undefined || Number(length) === 0)) delete raw.headers['content-type'];
}
