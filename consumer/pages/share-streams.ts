import { holdLock } from './hold-lock.ts';
import { readEvents } from './read-events.ts';

// One event stream for all windows of a browser, which opens only six connections to a host over HTTP/1.1. The visible windows elect a
// leader by a Web Lock. It reads the stream with the lowest rank that any window requests, and broadcasts its events.
//
// Without Web Locks (plain HTTP from another machine) there is no stream, and each window polls.

/** The stream with the lowest `rank` of all windows is read. */
export type StreamRequest = { path: string; rank: number };

/** Kinds and fields stay as they are: during a release, tabs of both releases exchange messages. */
type Message =
  /** The streams that a window requests; repeated every few seconds. */
  | { kind: 'wish'; from: string; wishes: StreamRequest[] }
  /** While on, the connections are needed for something else. */
  | { kind: 'hold'; from: string; isOn: boolean }
  /** A new leader asks for the requests. */
  | { kind: 'who' }
  | { kind: 'event'; path: string; event: string; data: unknown }
  /** The open stream; null: none. Repeated every few seconds. */
  | { kind: 'open'; path: string | null };

const REPEAT_MS = 5000;
// Forgets a window or leader that stopped without a message.
const FORGET_MS = 12_000;
const REFUSED_MS = 60_000;

export type SharedStreams = {
  /** Replaces the earlier requests of this part of the page (`topic`). */
  request(topic: string, requests: StreamRequest[]): void;
  /** Whether the events of `path` are being received. */
  isOpen(path: string): boolean;
  /** While on, no stream uses a connection. */
  hold(isOn: boolean): void;
  onEvent(listener: (event: string, data: unknown) => void): void;
  /** Calls `listener` when the open stream is lost. */
  onLost(listener: () => void): void;
  wake(): void;
  rest(): void;
};

type ShareOptions = {
  /** Shared by all windows that share the stream, and by nothing else. */
  name: string;
  token(path: string): string | undefined;
};

export function shareStreams({ name, token }: ShareOptions): SharedStreams {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : undefined;
  const self = String(Math.random());
  const own = new Map<string, StreamRequest[]>();
  const listeners: ((event: string, data: unknown) => void)[] = [];
  const lostListeners: (() => void)[] = [];
  const leader = createLeader({ token, broadcast });
  let open: { path: string | null; atMs: number } = { path: null, atMs: 0 };
  let life: AbortController | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  function broadcast(message: Message): void {
    channel?.postMessage(message);
    take(message);
  }

  function take(message: Message): void {
    switch (message.kind) {
      case 'wish':
      case 'hold':
        leader.take(message);
        break;
      case 'who':
        sendRequests();
        break;
      case 'event':
        for (const listener of listeners) listener(message.event, message.data);
        break;
      case 'open': {
        const isLost = open.path !== null && open.path !== message.path;
        open = { path: message.path, atMs: performance.now() };
        if (isLost) for (const listener of lostListeners) listener();
        break;
      }
      default:
        message satisfies never;
    }
  }

  function sendRequests(): void {
    if (life) broadcast({ kind: 'wish', from: self, wishes: [...own.values()].flat() });
  }

  channel?.addEventListener('message', ({ data }) => take(data as Message));
  return {
    request(topic, requests) {
      if (JSON.stringify(own.get(topic) ?? []) === JSON.stringify(requests)) return;
      own.set(topic, requests);
      sendRequests();
    },
    isOpen: (path) => open.path === path && performance.now() - open.atMs < FORGET_MS,
    hold: (isOn) => broadcast({ kind: 'hold', from: self, isOn }),
    onEvent: (listener) => void listeners.push(listener),
    onLost: (listener) => void lostListeners.push(listener),
    wake() {
      if (life) return;
      life = new AbortController();
      timer = setInterval(sendRequests, REPEAT_MS);
      sendRequests();
      // Held until this window is hidden or closed, because some browsers stop hidden windows.
      if (channel) holdLock(name, life.signal, leader.begin);
    },
    rest() {
      broadcast({ kind: 'wish', from: self, wishes: [] });
      leader.end();
      life?.abort();
      life = undefined;
      clearInterval(timer);
    },
  };
}

type LeaderOptions = Pick<ShareOptions, 'token'> & { broadcast(message: Message): void };

/** The work of the elected window. Ignores messages before `begin` and after `end`. */
function createLeader({ token, broadcast }: LeaderOptions) {
  const requestsOf = new Map<string, { requests: StreamRequest[]; atMs: number }>();
  const heldUntilMs = new Map<string, number>();
  const refusedUntilMs = new Map<string, number>();
  let stream: { path: string; isOpen: boolean; stop(): void } | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  function choose(): void {
    const nowMs = performance.now();
    for (const [from, { atMs }] of requestsOf) if (nowMs - atMs > FORGET_MS) requestsOf.delete(from);
    const isHeld = [...heldUntilMs.values()].some((untilMs) => untilMs > nowMs);
    const all = [...requestsOf.values()].flatMap(({ requests }) => requests);
    const possible = all.filter(({ path }) => !isHeld && (refusedUntilMs.get(path) ?? 0) < nowMs);
    const best = findBest(possible);
    // Among equals the open stream stays.
    if (stream && best.includes(stream.path)) return;
    stop();
    if (best[0] !== undefined) follow(best[0]);
  }

  function follow(path: string): void {
    const next = { path, isOpen: false, stop: () => {} };
    stream = next;
    next.stop = readEvents({
      path,
      token: () => token(path),
      onEvent: (event, data) => broadcast({ kind: 'event', path, event, data }),
      onState(state) {
        next.isOpen = state === 'open';
        notifyOpen();
      },
      onRefused() {
        refusedUntilMs.set(path, performance.now() + REFUSED_MS);
        choose();
      },
    });
  }

  function stop(): void {
    if (!stream) return;
    stream.stop();
    stream = undefined;
    notifyOpen();
  }

  function notifyOpen(): void {
    broadcast({ kind: 'open', path: stream?.isOpen ? stream.path : null });
  }

  return {
    begin() {
      timer = setInterval(() => {
        choose();
        notifyOpen();
      }, REPEAT_MS);
      broadcast({ kind: 'who' });
    },
    end() {
      clearInterval(timer);
      timer = undefined;
      stop();
      requestsOf.clear();
      heldUntilMs.clear();
    },
    take(message: Extract<Message, { kind: 'wish' | 'hold' }>) {
      if (timer === undefined) return;
      const { from } = message;
      const nowMs = performance.now();
      if (message.kind === 'wish') requestsOf.set(from, { requests: message.wishes, atMs: nowMs });
      else heldUntilMs.set(from, message.isOn ? nowMs + FORGET_MS : 0);
      choose();
    },
  };
}

/** The paths with the lowest rank. */
function findBest(requests: StreamRequest[]): string[] {
  const minRank = Math.min(...requests.map(({ rank }) => rank));
  return requests.filter(({ rank }) => rank === minRank).map(({ path }) => path);
}
