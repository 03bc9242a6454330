import { readEvents } from './read-events.ts';

// One event stream for all windows of a browser: over HTTP/1.1 it has six connections to a host. The windows elect one of those that
// are visible by a Web Lock. It reads the stream that matters most to any of them, and tells all what it hears.
//
// Without Web Locks (pages that came over plain HTTP from another machine) there is no stream, and each window asks as it does for everything
// that is not streamed.

/** `rank`: the lowest of all windows has the stream. */
export type StreamRequest = { path: string; rank: number };

type Message =
  /** What a window wants, and again every few seconds. */
  | { kind: 'wish'; from: string; wishes: StreamRequest[] }
  /** While it is on, connections are needed for something else. */
  | { kind: 'hold'; from: string; isOn: boolean }
  /** A new leader asks for wishes. */
  | { kind: 'who' }
  | { kind: 'event'; path: string; event: string; data: unknown }
  /** Which stream is open; null: none. Also said every few seconds. */
  | { kind: 'open'; path: string | null };

const REPEAT_MS = 5000;
// Of a leader that stopped without a word, or a window that did.
const FORGET_MS = 12_000;
const REFUSED_MS = 60_000;

export type SharedStreams = {
  /** `topic`: the part of the page that wishes; its earlier wishes are replaced. */
  wish(topic: string, wishes: StreamRequest[]): void;
  /** Whether what happens at `path` is being told. */
  isOpen(path: string): boolean;
  /** While it is on, no stream takes a connection. */
  hold(isOn: boolean): void;
  onEvent(hear: (event: string, data: unknown) => void): void;
  /** Calls `hear` when the stream that was open no longer is. */
  onLost(hear: () => void): void;
  wake(): void;
  rest(): void;
};

type Wish = {
  /** Of all pages that share, and of nothing else. */
  name: string;
  token(path: string): string | undefined;
};

export function shareStreams({ name, token }: Wish): SharedStreams {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : undefined;
  const self = String(Math.random());
  const own = new Map<string, StreamRequest[]>();
  const hearers: ((event: string, data: unknown) => void)[] = [];
  const lostSubscribers: (() => void)[] = [];
  const leader = leadStreams({ token, tell });
  let told: { path: string | null; atMs: number } = { path: null, atMs: 0 };
  let life: AbortController | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  function tell(message: Message): void {
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
        notifyRequests();
        break;
      case 'event':
        for (const hear of hearers) hear(message.event, message.data);
        break;
      case 'open': {
        const isLost = told.path !== null && told.path !== message.path;
        told = { path: message.path, atMs: performance.now() };
        if (isLost) for (const hear of lostSubscribers) hear();
        break;
      }
      default:
        message satisfies never;
    }
  }

  function notifyRequests(): void {
    if (life) tell({ kind: 'wish', from: self, wishes: [...own.values()].flat() });
  }

  channel?.addEventListener('message', ({ data }) => take(data as Message));
  return {
    wish(topic, wishes) {
      if (JSON.stringify(own.get(topic) ?? []) === JSON.stringify(wishes)) return;
      own.set(topic, wishes);
      notifyRequests();
    },
    isOpen: (path) => told.path === path && performance.now() - told.atMs < FORGET_MS,
    hold: (isOn) => tell({ kind: 'hold', from: self, isOn }),
    onEvent: (hear) => void hearers.push(hear),
    onLost: (hear) => void lostSubscribers.push(hear),
    wake() {
      if (life) return;
      const one = new AbortController();
      life = one;
      timer = setInterval(notifyRequests, REPEAT_MS);
      notifyRequests();
      // Held until this window is hidden or closed. Some browsers stop hidden windows.
      const lead = () =>
        new Promise<void>((resolve) => {
          if (one.signal.aborted) {
            resolve();
            return;
          }
          one.signal.addEventListener('abort', () => resolve());
          leader.begin();
        });
      if (channel) navigator.locks?.request(name, { signal: one.signal }, lead).catch(() => undefined);
    },
    rest() {
      tell({ kind: 'wish', from: self, wishes: [] });
      leader.end();
      life?.abort();
      life = undefined;
      clearInterval(timer);
    },
  };
}

type LeaderOptions = Pick<Wish, 'token'> & { tell(message: Message): void };

/** What the elected window does. Takes no message before `begin` and after `end`. */
function leadStreams({ token, tell }: LeaderOptions) {
  const requestsOf = new Map<string, { wishes: StreamRequest[]; atMs: number }>();
  const heldUntilMs = new Map<string, number>();
  const refusedUntilMs = new Map<string, number>();
  let stream: { path: string; isOpen: boolean; stop(): void } | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  function choose(): void {
    const nowMs = performance.now();
    for (const [from, { atMs }] of requestsOf) if (nowMs - atMs > FORGET_MS) requestsOf.delete(from);
    const isHeld = [...heldUntilMs.values()].some((untilMs) => untilMs > nowMs);
    const wishes = [...requestsOf.values()].flatMap((one) => one.wishes);
    const possible = wishes.filter(({ path }) => !isHeld && (refusedUntilMs.get(path) ?? 0) < nowMs);
    const minRank = Math.min(...possible.map(({ rank }) => rank));
    const best = possible.filter(({ rank }) => rank === minRank).map(({ path }) => path);
    // Of equals the one that is read already.
    if (stream && best.includes(stream.path)) return;
    stop();
    if (best[0] !== undefined) follow(best[0]);
  }

  function follow(path: string): void {
    const one = { path, isOpen: false, stop: () => {} };
    stream = one;
    one.stop = readEvents({
      path,
      token: () => token(path),
      onEvent: (event, data) => tell({ kind: 'event', path, event, data }),
      onState(state) {
        one.isOpen = state === 'open';
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
    tell({ kind: 'open', path: stream?.isOpen ? stream.path : null });
  }

  return {
    begin() {
      timer = setInterval(() => {
        choose();
        notifyOpen();
      }, REPEAT_MS);
      tell({ kind: 'who' });
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
      if (message.kind === 'wish') requestsOf.set(from, { wishes: message.wishes, atMs: nowMs });
      else heldUntilMs.set(from, message.isOn ? nowMs + FORGET_MS : 0);
      choose();
    },
  };
}
