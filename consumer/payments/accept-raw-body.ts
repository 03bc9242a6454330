import type { FastifyInstance } from 'fastify';

/** The bodies of this scope are bytes, because a signature covers them. The schemas of its routes are documentation only. */
export function acceptRawBody(app: FastifyInstance, bodyLimit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
  app.setValidatorCompiler(() => () => true);
}
