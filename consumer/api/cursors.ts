import type { FastifyReply, FastifyRequest } from 'fastify';
import { signCursor, verifyCursor } from '../http/sign-cursor.ts';
import { linkNextPage } from './link-next-page.ts';

/** The cursors of lists: texts that are opaque to clients. `keys` as in parseSecretKeys; `list` as in signCursor. */
export function createCursors(keys: string) {
  return {
    /** The place that the cursor names; empty without a cursor: the first page. Throws as verifyCursor does. */
    read: (list: string, cursor: string | undefined): string =>
      cursor === undefined ? '' : verifyCursor(keys, list, cursor),

    /** The cursor of the next page, which begins at `place`, also as the header `Link`. Null if there is no place: empty, 0 or null. */
    link(
      request: Pick<FastifyRequest, 'url'>,
      reply: Pick<FastifyReply, 'header'>,
      list: string,
      place: string | number | null,
    ): string | null {
      return linkNextPage(request, reply, place ? signCursor(keys, list, String(place)) : null);
    },
  };
}
