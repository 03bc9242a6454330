import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/**
 * Accepts JSON bodies. An empty body counts as no body whatever its Content-Type, which many clients send with every request. The schema of
 * the route says whether a body is required.
 */
export function takeJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    if (bytes.length === 0) return done(null, undefined);
    const body = readUtf8(bytes);
    if (body === null) return done(new Problem('bad_request', 'The body is not UTF-8.'));
    parse(request, body, (error, value) => {
      if (!error && SURROGATE.test(body) && hasLoneSurrogate(value)) {
        done(new Problem('bad_request', 'A string contains a lone surrogate.'));
      } else done(error, value);
    });
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length === 0) done(null, undefined);
    else done(new Problem('unsupported_media_type'));
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readUtf8(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Only an escape can put a lone surrogate into valid UTF-8. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** UTF-8 cannot encode a lone surrogate: another character would be stored. */
function hasLoneSurrogate(value: unknown): boolean {
  const rest = [value];
  while (rest.length > 0) {
    const item = rest.pop();
    if (typeof item === 'string' && !item.isWellFormed()) return true;
    if (typeof item === 'object' && item !== null) rest.push(...Object.keys(item), ...Object.values(item));
  }
  return false;
}

/** onRequest: removes the Content-Type of a missing body. Fastify refuses an invalid one before it looks for a parser. */
export function dropTypeWithoutBody({ raw }: FastifyRequest): void {
  const { 'content-length': length, 'transfer-encoding': coding } = raw.headers;
  if (coding === undefined && (length === undefined || Number(length) === 0)) delete raw.headers['content-type'];
}
