import { once } from 'node:events';
import net from 'node:net';

/** What is held back: everything, or only what the client says, or only what the server answers. */
export type Held = 'all' | 'requests' | 'replies';

export type Proxy = {
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

/** A way to a server (host:port) that can be harmed. `port` 0: any. */
export async function openProxy(server: string, port = 0): Promise<Proxy> {
  const { hostname, port: farPort } = new URL(`tcp://${server}`);
  const pairs = new Set<Pair>();
  let isCut = false;
  let held: Held | undefined;
  let isLost: ((chunk: Buffer) => boolean) | undefined;

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
  });

  function end(which: (pair: Pair) => boolean): void {
    for (const pair of [...pairs].filter(which)) {
      pair.near.destroy();
      pair.far.destroy();
    }
  }

  proxy.listen(port, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    address: `127.0.0.1:${(proxy.address() as net.AddressInfo).port}`,
    cut() {
      isCut = true;
      end(() => true);
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
      end(() => true);
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
