import { readEvents as readStream, type EventsOptions as StreamOptions } from '../client/read-events.ts';

export type { StreamState } from '../client/read-events.ts';

export type EventsOptions = Omit<StreamOptions, 'open'> & {
  /** Under /api/v1. */
  path: string;
  token?: () => string | undefined;
};

/** Reads the server-sent events of `path`. */
export function readEvents({ path, token, ...listeners }: EventsOptions): () => void {
  return readStream({
    ...listeners,
    open(headers, signal) {
      const secret = token?.();
      const authorization = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
      return fetch(`/api/v1${path}`, { headers: { ...headers, ...authorization }, signal });
    },
  });
}
