import type { FastifyReply, FastifyRequest } from 'fastify';

/** Adds the header `Link` of the next page (RFC 8288): the address of this request with the next cursor. Returns `nextCursor` for the body. */
export function linkNextPage(
  request: Pick<FastifyRequest, 'url'>,
  reply: Pick<FastifyReply, 'header'>,
  nextCursor: string | null,
): string | null {
  if (!nextCursor) return null;
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', nextCursor);
  reply.header('link', `<${path}?${parameters}>; rel="next"`);
  return nextCursor;
}

export const pageHeaders = {
  Link: { type: 'string', description: 'Address of the next page, with `rel="next"`; none on the last page' },
};
