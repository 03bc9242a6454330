import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is held back: everything, or only what the client says, or only what the server answers. */
export type Held = 'all' | 'requests' | 'replies';

export type TcpProxy = {
  /** host:port to connect to in place of the real server. */
  address: string;
  /** Ends every connection and refuses new ones, as a server that died. */
  cut(): void;
  /** Takes connections and lets nothing through, as a network that loses packets. What was said meanwhile arrives after `restore`. */
  blackHole(held: Held): void;
  /** Lets each request of this kind arrive and its connection's answers vanish from then on, for good. */
  loseReplies(isRequest: (chunk: Buffer) => boolean): void;
  /** Lets everything through again. */
  restore(): void;
  close(): Promise<void>;
};

type Way = { from: net.Socket; to: net.Socket; says: 'requests' | 'replies' };
type Pair = { near: net.Socket; far: net.Socket; isMute: boolean };

type Options = {
  /** 0: any. */
  port?: number;
  /**
   * Refuses connections for as long as the server does. Without it they are taken and ended, which a caller that may send once
   * only has to take for a request that was sent.
   */
  refusesToo?: boolean;
};

const BETWEEN_LOOKS_MS = 20;

/** A way to a server (host:port) that can be harmed. */
export async function startProxy(server: string, { port = 0, refusesToo = false }: Options = {}): Promise<TcpProxy> {
  const { hostname, port: farPort } = new URL(`tcp://${server}`);
  const pairs = new Set<Pair>();
  let isCut = false;
  let held: Held | undefined;
  let isLost: ((chunk: Buffer) => boolean) | undefined;

  let isClosed = false;
  let looking: Promise<void> | undefined;

  const isHeld = (says: Way['says']) => held === 'all' || held === says;

  function join(pair: Pair, { from, to, says }: Way): void {
    from.on('error', () => undefined);
    from.on('data', (chunk: Buffer) => {
      if (says === 'requests' && isLost?.(chunk)) pair.isMute = true;
      if (says === 'replies' && pair.isMute) return;
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => {
        if (!isHeld(says)) from.resume();
      });
    });
    from.on('end', () => to.end());
    from.on('close', () => {
      pairs.delete(pair);
      to.destroySoon();
    });
    if (isHeld(says)) from.pause();
  }

  const proxy = net.createServer({ allowHalfOpen: true }, (near) => {
    if (isCut) return void near.destroy();
    const far = net.connect({ host: hostname, port: Number(farPort), allowHalfOpen: true });
    for (const socket of [near, far]) socket.setNoDelay(true);
    const pair = { near, far, isMute: false };
    pairs.add(pair);
    join(pair, { from: near, to: far, says: 'requests' });
    join(pair, { from: far, to: near, says: 'replies' });
    if (refusesToo) far.on('close', () => void lookAtServer());
  });

  /** Stops to listen while the server does not. */
  async function look(): Promise<void> {
    if (!isCut && (await answers(hostname, Number(farPort)))) return;
    proxy.close();
    while (!isClosed && (isCut || !(await answers(hostname, Number(farPort))))) await sleep(BETWEEN_LOOKS_MS);
    if (!isClosed) await listen();
  }

  function lookAtServer(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function listen(): Promise<void> {
    proxy.listen(port, '127.0.0.1');
    await once(proxy, 'listening');
    port = (proxy.address() as net.AddressInfo).port;
  }

  function end(which: (pair: Pair) => boolean): void {
    for (const pair of [...pairs].filter(which)) {
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
      if (refusesToo) void lookAtServer();
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
      // What they lost is lost: an answer that came now would be taken for another one's.
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
      await looking;
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
