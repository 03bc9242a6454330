import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/**
 * Bodies are JSON. An empty one is no body, whatever its type says: many clients send a Content-Type with every request. Whether one
 * is needed says the schema of the route.
 */
export function takeJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    if (bytes.length === 0) return done(null, undefined);
    const body = readUtf8(bytes);
    if (body === null) return done(new Problem('bad_request', 'The body is not UTF-8.'));
    parse(request, body, (error, value) => {
      if (!error && SURROGATE.test(body) && holdsHalfCharacter(value)) {
        done(new Problem('bad_request', 'A text holds half a character (a lone surrogate).'));
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

/** Nothing else can bring half a character into a text that came as UTF-8. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** Written as UTF-8 it would be another character, so that what is kept would not be what was sent. */
function holdsHalfCharacter(value: unknown): boolean {
  const rest = [value];
  while (rest.length > 0) {
    const one = rest.pop();
    if (typeof one === 'string' && !one.isWellFormed()) return true;
    if (typeof one === 'object' && one !== null) rest.push(...Object.keys(one), ...Object.values(one));
  }
  return false;
}

/** onRequest: takes away the type of a body that is not there. Fastify would refuse one that makes no sense before it looks for a parser. */
export function dropTypeOfNothing({ raw }: FastifyRequest): void {
  const { 'content-length': length, 'transfer-encoding': coding } = raw.headers;
  if (coding === undefined && (length === undefined || Number(length) === 0)) delete raw.headers['content-type'];
}
