import { readEvents, type StreamState } from '../../read-events.ts';

// One stream of live figures for all consoles of a browser: over HTTP/1.1 it has six connections to a host. The window that holds a Web Lock
// reads the stream and tells the others; when it is closed the next one does. Where there are no Web Locks (plain HTTP from another
// machine) each window reads for itself.

const NAME = 'flash-sale.live';

type Message =
  /** Of a window that has just come: tell where things are. */
  | { kind: 'who' }
  | { kind: 'event'; event: string; data: unknown }
  | { kind: 'state'; state: StreamState }
  | { kind: 'refused'; status: number };

export type LiveSubscriber = {
  token(): string | undefined;
  onEvent(event: string, data: unknown): void;
  onState(state: StreamState): void;
  onRefused(status: number): void;
};

/** Hears the stream of `path` until the returned function is called, read by this window or another one. */
export function shareLive(path: string, hearer: LiveSubscriber): () => void {
  if (!('BroadcastChannel' in globalThis) || !navigator.locks) return readEvents({ path, ...hearer });
  const channel = new BroadcastChannel(NAME);
  const life = new AbortController();
  const { signal } = life;
  /** Of this window, while it is the one that reads. */
  let state: StreamState | undefined;
  let last: Message | undefined;

  function take(message: Message): void {
    switch (message.kind) {
      case 'who':
        if (state === undefined) return;
        channel.postMessage({ kind: 'state', state } satisfies Message);
        if (last) channel.postMessage(last);
        return;
      case 'event':
        hearer.onEvent(message.event, message.data);
        return;
      case 'state':
        hearer.onState(message.state);
        return;
      case 'refused':
        hearer.onRefused(message.status);
        return;
      default:
        message satisfies never;
    }
  }
  channel.addEventListener('message', ({ data }) => take(data as Message));
  const tell = (message: Message) => {
    channel.postMessage(message);
    take(message);
  };

  const lead = () =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      const stop = readEvents({
        path,
        token: hearer.token,
        onEvent(event, data) {
          last = { kind: 'event', event, data };
          tell(last);
        },
        onState(now) {
          state = now;
          tell({ kind: 'state', state });
        },
        onRefused: (status) => tell({ kind: 'refused', status }),
      });
      signal.addEventListener('abort', () => {
        stop();
        resolve();
      });
    });
  navigator.locks.request(NAME, { signal }, lead).catch(() => undefined);
  channel.postMessage({ kind: 'who' } satisfies Message);
  return () => {
    life.abort();
    channel.close();
  };
}
