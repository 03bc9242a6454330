import { holdLock } from '../../hold-lock.ts';
import { readEvents, type StreamState } from '../../read-events.ts';

// One stream of live figures for all consoles of a browser, which opens only six connections to a host over HTTP/1.1. The window that holds
// a Web Lock reads the stream and broadcasts its events; when it is closed, the next window takes over. Without Web Locks (plain HTTP from
// another machine) each window reads its own stream.

const NAME = 'flash-sale.live';

/** Kinds and fields stay as they are: during a release, tabs of both releases exchange messages. */
type Message =
  /** A new window asks for the state and the last event. */
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

/** Subscribes to the stream of `path`, read by this window or another one, until the returned function is called. */
export function shareLive(path: string, subscriber: LiveSubscriber): () => void {
  if (!('BroadcastChannel' in globalThis) || !navigator.locks) return readEvents({ path, ...subscriber });
  const channel = new BroadcastChannel(NAME);
  const life = new AbortController();
  const { signal } = life;
  /** Set while this window reads the stream. */
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
        subscriber.onEvent(message.event, message.data);
        return;
      case 'state':
        subscriber.onState(message.state);
        return;
      case 'refused':
        subscriber.onRefused(message.status);
        return;
      default:
        message satisfies never;
    }
  }
  channel.addEventListener('message', ({ data }) => take(data as Message));
  const broadcast = (message: Message) => {
    channel.postMessage(message);
    take(message);
  };

  holdLock(NAME, signal, () => {
    const stop = readEvents({
      path,
      token: subscriber.token,
      onEvent(event, data) {
        last = { kind: 'event', event, data };
        broadcast(last);
      },
      onState(next) {
        state = next;
        broadcast({ kind: 'state', state });
      },
      onRefused: (status) => broadcast({ kind: 'refused', status }),
    });
    signal.addEventListener('abort', stop);
  });
  channel.postMessage({ kind: 'who' } satisfies Message);
  return () => {
    life.abort();
    channel.close();
  };
}
