import http from 'node:http';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';

export type ServerEvent = { id: string; event: string; data: Record<string, unknown>; atMs: number };

export type Listener = {
  status: number;
  headers: http.IncomingHttpHeaders;
  events: ServerEvent[];
  /** Lines of the stream outside events, such as comments. */
  others: string[];
  /** The received text. */
  body(): string;
  ended(): boolean;
  /** Waits for the first event that `fits`. */
  find(what: string, fits: (event: ServerEvent) => boolean): Promise<ServerEvent>;
  untilEnd(): Promise<void>;
  leave(): void;
};

/** Receives server-sent events until the test ends. */
export function listenToEvents(t: Test, url: string, headers: Record<string, string> = {}): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false, headers }, (response) => {
      const events: ServerEvent[] = [];
      const others: string[] = [];
      let text = '';
      let read = 0;
      let isEnded = false;
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('close', () => {
        isEnded = true;
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
        const check = () => {
          found = events.find(fits);
          if (!found) throw new Error(`the last event is ${JSON.stringify(events.at(-1))}`);
        };
        await waitUntil(what, check, { limitMs: 10_000 });
        return found as ServerEvent;
      };
      const untilEnd = () =>
        waitUntil(
          'the stream to end',
          () => {
            if (!isEnded) throw new Error(`not ended; the last event is ${JSON.stringify(events.at(-1))}`);
          },
          { limitMs: 10_000 },
        );
      const { statusCode: status = 0, headers: responseHeaders } = response;
      const body = () => text;
      const leave = () => void request.destroy();
      resolve({ status, headers: responseHeaders, events, others, body, ended: () => isEnded, find, untilEnd, leave });
    });
    request.on('error', reject);
    t.teardown(() => void request.destroy());
  });
}
