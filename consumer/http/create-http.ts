import { Ajv } from 'ajv';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { isCurrency } from '../../proto/messages/is-currency.ts';
import { readTime } from '../../proto/settings/read-time.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { allowHosts } from './allow-hosts.ts';
import { answerBadHttp, answerBadUrl, answerProblems } from './answer-problems.ts';
import { compileForTexts, type TextSchema } from './compile-for-texts.ts';
import { createRequestId } from './create-request-id.ts';
import { contentCodings } from './parse-headers.ts';
import { Problem } from './problem.ts';
import { dropTypeOfNothing, takeJsonBody } from './take-json-body.ts';

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  // Answers are data. A page says itself what it may load.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** An HTTP server without routes: request ids, headers, validation and problems. */
export function createHttp(config: ConsumerConfig, name: string, logger: Logger): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: config.TRUST_PROXY.split(','),
    genReqId: createRequestId,
    bodyLimit: 64 * 1024,
    // Above nginx's keepalive to us, so that it is nginx who closes an idle connection and no request falls in between.
    keepAliveTimeout: 75_000,
    requestTimeout: 10_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: answerBadUrl as never,
    clientErrorHandler: answerBadHttp,
    // Order numbers have up to 54 characters, and longer texts in their place are a 404 like any other.
    routerOptions: { maxParamLength: 200 },
  });
  const isAllowedHost = allowHosts(config.ALLOWED_HOSTS);
  const ofEveryAnswer = { ...SECURITY_HEADERS, 'x-served-by': name };
  // With a callback, as everywhere on the way of each request: a promise more for each hook is a turn of the queue more.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(ofEveryAnswer).header('x-request-id', request.id);
    dropTypeOfNothing(request);
    // Nothing here unpacks: what is packed would be read as if it were not.
    const coding = request.headers['content-encoding'];
    const isPacked = coding !== undefined && contentCodings(coding).length > 0;
    if (isPacked) done(new Problem('unsupported_media_type', 'Send it unpacked.'));
    else if (!isAllowedHost(request.headers.host))
      done(new Problem('bad_request', 'The header Host names another host.'));
    else done();
  });
  takeJsonBody(app);
  app.decorateRequest('identity');
  answerProblems(app);
  validateStrictly(app);
  return app;
}

/** Unknown fields are refused, and a body's fields have the type they say; only texts of an address are converted. */
function validateStrictly(app: FastifyInstance): void {
  const common = { removeAdditional: false, useDefaults: true, allErrors: false } as const;
  const ofBodies = new Ajv({ ...common, coerceTypes: false });
  const ofTexts = new Ajv({ ...common, coerceTypes: true });
  for (const ajv of [ofBodies, ofTexts]) {
    // ajv-formats' own also takes +02 and leap seconds, which nothing behind it can read.
    ajv.addFormat('date-time', { type: 'string', validate: (text: string) => readTime(text) !== null });
    ajv.addFormat('iso-4217', { type: 'string', validate: isCurrency });
  }
  app.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === 'body' ? ofBodies.compile(schema as object) : compileForTexts(ofTexts, schema as TextSchema),
  );
}
