export type StreamState = 'open' | 'lost';
export type EventsOptions = {
  /** Sends the request of the stream. */
  open(headers: Record<string, string>, signal: AbortSignal): Promise<Response>;
  /** Called with each event; `data` is parsed JSON. */
  onEvent(event: string, data: unknown): void;
  /** Called when the stream opens and when it is lost. */
  onState?(state: StreamState): void;
  /** Refused for good, such as 403: the stream is not opened again. */
  onRefused?(status: number): void;
};

// A comment comes every 15 s.
const SILENCE_MS = 20_000;
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 15_000;
const MAX_EVENT_CHARACTERS = 1_000_000;

/**
 * Reads server-sent events by fetch, because EventSource cannot send a token. Reconnects after a loss and resumes after the last event, until
 * the returned function is called, the server ends the stream (204), or refuses it for good (4xx except 429).
 */
export function readEvents({ open, onEvent, onState, onRefused }: EventsOptions): () => void {
  const life = new AbortController();
  let lastId: string | undefined;
  let waitMs = FIRST_WAIT_MS;

  /** Resolves with whether the stream has ended for good. */
  async function readOnce(): Promise<boolean> {
    const silence = watchSilence(life.signal);
    try {
      const resume = lastId === undefined ? {} : { 'last-event-id': lastId };
      const { status, ok, body } = await open({ accept: 'text/event-stream', ...resume }, silence.signal);
      if (!ok || status === 204 || !body) {
        await body?.cancel();
        const isRefused = status >= 400 && status < 500 && status !== 429;
        if (isRefused) onRefused?.(status);
        return isRefused || status === 204;
      }
      onState?.('open');
      waitMs = FIRST_WAIT_MS;
      await readBody(body, silence.reset, (id, event, data) => {
        lastId = id ?? lastId;
        onEvent(event, JSON.parse(data));
      });
      return false;
    } catch {
      return false;
    } finally {
      silence.stop();
    }
  }

  async function readForever(): Promise<void> {
    while (!life.signal.aborted) {
      if (await readOnce()) return;
      if (life.signal.aborted) return;
      onState?.('lost');
      // Jitter, so that the clients of a lost server do not reconnect at the same moment.
      await new Promise((resolve) => setTimeout(resolve, waitMs * (0.5 + Math.random())));
      waitMs = Math.min(waitMs * 2, MAX_WAIT_MS);
    }
  }
  void readForever();
  return () => life.abort();
}

/** A signal that aborts with `life`, or when `reset` is not called for 20 s. AbortSignal.any is missing below Safari 17.4. */
function watchSilence(life: AbortSignal): { signal: AbortSignal; reset(): void; stop(): void } {
  const once = new AbortController();
  const end = () => once.abort();
  life.addEventListener('abort', end);
  let timer = setTimeout(end, SILENCE_MS);
  return {
    signal: once.signal,
    reset() {
      clearTimeout(timer);
      timer = setTimeout(end, SILENCE_MS);
    },
    stop() {
      clearTimeout(timer);
      life.removeEventListener('abort', end);
    },
  };
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  onChunk: () => void,
  onEvent: (id: string | undefined, event: string, data: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    onChunk();
    text += decoder.decode(next.value, { stream: true });
    const events = text.split(/\r?\n\r?\n/);
    text = events.pop() ?? '';
    if (text.length > MAX_EVENT_CHARACTERS) throw new Error('event too large');
    for (const event of events) {
      const fields = parseEvent(event);
      if (fields.data !== undefined) onEvent(fields.id, fields.event ?? 'message', fields.data);
    }
  }
}

/** A line of an event is `field: value`; a line that starts with a colon is a comment. */
function parseEvent(text: string): Record<string, string | undefined> {
  const fields: Record<string, string | undefined> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^(\w+):? ?(.*)$/.exec(line) ?? [];
    fields[name] = name === 'data' && fields.data !== undefined ? `${fields.data}\n${value}` : value;
  }
  return fields;
}
