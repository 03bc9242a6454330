import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The direction that is held back. */
export type Held = 'all' | 'requests' | 'replies';

export type TcpProxy = {
  /** host:port of the proxy. */
  address: string;
  /** Ends every connection and refuses new ones, like a dead server. */
  cut(): void;
  /** Accepts connections and holds data back, like a network that loses packets. The data arrives after `restore`. */
  blackHole(held: Held): void;
  /** Forwards each matching request and drops all later answers of its connection. */
  loseReplies(isRequest: (chunk: Buffer) => boolean): void;
  /** Ends all faults. */
  restore(): void;
  close(): Promise<void>;
};

type Direction = { from: net.Socket; to: net.Socket; kind: 'requests' | 'replies' };
type Pair = { near: net.Socket; far: net.Socket; isMute: boolean };

type Options = {
  /** 0: any. */
  port?: number;
  /**
   * Refuses connections while the server does. Otherwise they are accepted and ended, which a caller that must not repeat a request
   * has to treat as sent.
   */
  refusesToo?: boolean;
};

const POLL_MS = 20;

/** A proxy to a server (host:port) that can be interrupted. */
export async function startProxy(server: string, { port = 0, refusesToo = false }: Options = {}): Promise<TcpProxy> {
  const { hostname, port: farPort } = new URL(`tcp://${server}`);
  const pairs = new Set<Pair>();
  let isCut = false;
  let held: Held | undefined;
  let isLost: ((chunk: Buffer) => boolean) | undefined;

  let isClosed = false;
  let following: Promise<void> | undefined;

  const isHeld = (kind: Direction['kind']) => held === 'all' || held === kind;

  function join(pair: Pair, { from, to, kind }: Direction): void {
    from.on('error', () => undefined);
    from.on('data', (chunk: Buffer) => {
      if (kind === 'requests' && isLost?.(chunk)) pair.isMute = true;
      if (kind === 'replies' && pair.isMute) return;
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => {
        if (!isHeld(kind)) from.resume();
      });
    });
    from.on('end', () => to.end());
    from.on('close', () => {
      pairs.delete(pair);
      to.destroySoon();
    });
    if (isHeld(kind)) from.pause();
  }

  const proxy = net.createServer({ allowHalfOpen: true }, (near) => {
    if (isCut) return void near.destroy();
    const far = net.connect({ host: hostname, port: Number(farPort), allowHalfOpen: true });
    for (const socket of [near, far]) socket.setNoDelay(true);
    const pair = { near, far, isMute: false };
    pairs.add(pair);
    join(pair, { from: near, to: far, kind: 'requests' });
    join(pair, { from: far, to: near, kind: 'replies' });
    if (refusesToo) far.on('close', () => void checkServer());
  });

  /** Stops listening while the server does not listen. */
  async function followServer(): Promise<void> {
    if (!isCut && (await answers(hostname, Number(farPort)))) return;
    proxy.close();
    while (!isClosed && (isCut || !(await answers(hostname, Number(farPort))))) await sleep(POLL_MS);
    if (!isClosed) await listen();
  }

  function checkServer(): Promise<void> {
    following ??= followServer().finally(() => {
      following = undefined;
    });
    return following;
  }

  async function listen(): Promise<void> {
    proxy.listen(port, '127.0.0.1');
    await once(proxy, 'listening');
    port = (proxy.address() as net.AddressInfo).port;
  }

  function end(matches: (pair: Pair) => boolean): void {
    for (const pair of [...pairs].filter(matches)) {
      pair.near.destroy();
      pair.far.destroy();
    }
  }

  await listen();
  return {
    address: `127.0.0.1:${port}`,
    cut() {
      isCut = true;
      end(() => true);
      if (refusesToo) void checkServer();
    },
    blackHole(what) {
      held = what;
      for (const { near, far } of pairs) {
        if (isHeld('requests')) near.pause();
        if (isHeld('replies')) far.pause();
      }
    },
    loseReplies(isRequest) {
      isLost = isRequest;
    },
    restore() {
      isCut = false;
      held = undefined;
      isLost = undefined;
      // A later answer on a connection that lost answers would be matched to the wrong request.
      end(({ isMute }) => isMute);
      for (const { near, far } of pairs) {
        near.resume();
        far.resume();
      }
    },
    async close() {
      isCut = true;
      isClosed = true;
      end(() => true);
      await following;
      if (!proxy.listening) return;
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = net.connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
