import { EventSourceParserStream } from 'eventsource-parser/stream';

export type StreamState = 'open' | 'lost';
export type EventsRequest = {
  /** Under /api/v1. */
  path: string;
  token?: () => string | undefined;
  /** Each event: its name and its data, read as JSON. */
  onEvent(event: string, data: unknown): void;
  /** Whether the stream is there at the moment. */
  onState?(state: StreamState): void;
  /** Refused for good, such as 403: there will be no more. */
  onRefused?(status: number): void;
};

// A comment comes every 15 s.
const SILENCE_MS = 20_000;
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 15_000;

/**
 * Server-sent events by fetch, for EventSource can send no token. Comes again by itself after a loss, from where it was, until the
 * returned function is called, the stream says that nothing more will come (204), or it is refused for good (4xx but 429).
 */
export function readEvents({ path, token, onEvent, onState, onRefused }: EventsRequest): () => void {
  const life = new AbortController();
  let lastId: string | undefined;
  let waitMs = FIRST_WAIT_MS;

  async function readOnce(): Promise<boolean> {
    // Ended by the life of all reads or by silence. AbortSignal.any is missing below Safari 17.4.
    const once = new AbortController();
    const end = () => once.abort();
    life.signal.addEventListener('abort', end);
    let timer = setTimeout(end, SILENCE_MS);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(end, SILENCE_MS);
    };
    try {
      const secret = token?.();
      const response = await fetch(`/api/v1${path}`, {
        headers: {
          accept: 'text/event-stream',
          ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
          ...(lastId !== undefined && { 'last-event-id': lastId }),
        },
        signal: once.signal,
      });
      const isFinal =
        response.status === 204 || (response.status >= 400 && response.status < 500 && response.status !== 429);
      if (!response.ok || response.status === 204 || !response.body) {
        await response.body?.cancel();
        if (isFinal && response.status !== 204) onRefused?.(response.status);
        return isFinal;
      }
      onState?.('open');
      waitMs = FIRST_WAIT_MS;
      const listening = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          heard();
          controller.enqueue(chunk);
        },
      });
      const events = response.body
        .pipeThrough(listening)
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
        .pipeThrough(new EventSourceParserStream());
      const reader = events.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        const { id, event = 'message', data } = next.value;
        if (id !== undefined) lastId = id;
        onEvent(event, JSON.parse(data));
      }
      return false;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
      life.signal.removeEventListener('abort', end);
    }
  }

  async function readOn(): Promise<void> {
    while (!life.signal.aborted) {
      if (await readOnce()) return;
      if (life.signal.aborted) return;
      onState?.('lost');
      // Spread, so that a crowd whose server went away does not come back as one.
      await new Promise((resolve) => setTimeout(resolve, waitMs * (0.5 + Math.random())));
      waitMs = Math.min(waitMs * 2, MAX_WAIT_MS);
    }
  }
  void readOn();
  return () => life.abort();
}
