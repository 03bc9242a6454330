import http from 'node:http';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';

export type ServerEvent = { id: string; event: string; data: Record<string, unknown>; atMs: number };

export type Listener = {
  status: number;
  headers: http.IncomingHttpHeaders;
  events: ServerEvent[];
  /** Lines of the stream that are neither of an event nor empty. */
  others: string[];
  /** What was answered where there is no stream. */
  body(): string;
  ended(): boolean;
  /** The first event that `fits`, waited for. */
  find(what: string, fits: (event: ServerEvent) => boolean): Promise<ServerEvent>;
  untilEnd(): Promise<void>;
  leave(): void;
};

/** Listens to server-sent events until the test ends. */
export function listenToEvents(t: Test, url: string, headers: Record<string, string> = {}): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false, headers }, (response) => {
      const events: ServerEvent[] = [];
      const others: string[] = [];
      let text = '';
      let read = 0;
      let isOver = false;
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('close', () => {
        isOver = true;
      });
      response.on('data', (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
          const block = text.slice(read, end).split('\n');
          read = end + 2;
          const field = (name: string) => block.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          const data = field('data');
          if (data === undefined) others.push(...block);
          else {
            const parsed = JSON.parse(data);
            events.push({ id: field('id') ?? '', event: field('event') ?? '', data: parsed, atMs: performance.now() });
          }
        }
      });
      const find = async (what: string, fits: (event: ServerEvent) => boolean): Promise<ServerEvent> => {
        let found: ServerEvent | undefined;
        const look = () => {
          found = events.find(fits);
          if (!found) throw new Error(`heard ${JSON.stringify(events.at(-1))}`);
        };
        await waitUntil(what, look, { limitMs: 10_000 });
        return found as ServerEvent;
      };
      const untilEnd = () =>
        waitUntil(
          'the stream to end',
          () => {
            if (!isOver) throw new Error(`it goes on; heard ${JSON.stringify(events.at(-1))}`);
          },
          { limitMs: 10_000 },
        );
      const { statusCode: status = 0, headers: answered } = response;
      const body = () => text;
      const leave = () => void request.destroy();
      resolve({ status, headers: answered, events, others, body, ended: () => isOver, find, untilEnd, leave });
    });
    request.on('error', reject);
    t.teardown(() => void request.destroy());
  });
}
