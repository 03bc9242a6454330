import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { namesTag } from '../http/read-headers.ts';

/** Answers with an ETag, a hash of the body, and with 304 when the client has it. Everybody may keep the answer for a second. */
export function answerTagged<T extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  body: T,
): T | FastifyReply {
  const tag = `W/"${createHash('sha1').update(JSON.stringify(body)).digest('base64url')}"`;
  reply.headers({ etag: tag, 'cache-control': 'public, max-age=1' });
  return namesTag(request.headers['if-none-match'], tag) ? reply.code(304).send() : body;
}

/** The headers of such an answer, for its schema. */
export const taggedHeaders = {
  ETag: { type: 'string', description: 'To be sent as `If-None-Match`' },
  'Cache-Control': { type: 'string', description: '`public, max-age=1`' },
};
