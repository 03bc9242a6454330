import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Answer, Call, HttpClient } from '../../sale/buyers/http-client.ts';

/** Written before a request is sent. `atMs` is in milliseconds since 1970. */
export type AskLine = {
  n: number;
  atMs: number;
  buyer: string;
  /** The idempotency key of an order; empty for other requests. */
  key: string;
  method: Call['method'];
  path: string;
  repeat: boolean;
};
/** Written at the end of a request. Status 0: no response; `abandoned`: the buyer aborted the request. */
export type AnswerLine = {
  n: number;
  atMs: number;
  status: number;
  abandoned: boolean;
  code: string;
  orderNo: string;
  state: string;
  decision: string;
};
/** A request and its answer; undefined if the journal ends before the answer. */
export type Exchange = { ask: AskLine; answer: AnswerLine | undefined };

export type Journal = {
  /** A client that writes a line before and a line after each request of this buyer. */
  keep(client: HttpClient, buyer: string, key?: string): HttpClient;
  /** Called with each answer. */
  onAnswer(listener: (ask: AskLine, answer: AnswerLine) => void): void;
  close(): void;
};

/** An append-only file outside the system; each line is written before the event that it announces, so it survives any crash. */
export function startJournal(file: string): Journal {
  const journal = openSync(file, 'a', 0o600);
  const write = (line: AskLine | AnswerLine) => writeSync(journal, `${JSON.stringify(line)}\n`);
  let notify: (ask: AskLine, answer: AnswerLine) => void = () => undefined;
  let count = 0;
  return {
    keep: (client, buyer, key = '') => ({
      ...client,
      async send(call) {
        count += 1;
        const n = count;
        const { method, path, headers, abandonAfterMs } = call;
        const repeat = (headers?.['idempotency-attempt'] ?? '1') !== '1';
        const ask = { n, atMs: Date.now(), buyer, key, method, path, repeat };
        write(ask);
        const answer = await client.send(call);
        const line = answerLine(n, answer, abandonAfterMs !== undefined && answer.status === 0);
        write(line);
        notify(ask, line);
        return answer;
      },
    }),
    onAnswer(listener) {
      notify = listener;
    },
    close: () => closeSync(journal),
  };
}

function answerLine(n: number, { status, body, location }: Answer, abandoned: boolean): AnswerLine {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const { code, state, decision } = body;
  const orderNo = text(body.orderNo) || (status === 202 ? (location?.split('/').at(-1) ?? '') : '');
  return {
    n,
    atMs: Date.now(),
    status,
    abandoned,
    code: text(code),
    orderNo,
    state: text(state),
    decision: text(decision),
  };
}

/** The requests of a journal in the order in which they were sent. */
export function readJournal(file: string): Exchange[] {
  return pairLines(readFileSync(file, 'utf8').split('\n'));
}

export function pairLines(lines: string[]): Exchange[] {
  const exchanges = new Map<number, Exchange>();
  for (const line of lines.filter((text) => text !== '')) {
    const parsed = JSON.parse(line) as AskLine | AnswerLine;
    if ('method' in parsed) exchanges.set(parsed.n, { ask: parsed, answer: undefined });
    else {
      const exchange = exchanges.get(parsed.n);
      if (!exchange) throw new Error(`the journal has an answer to a request that was never sent: ${parsed.n}`);
      exchange.answer = parsed;
    }
  }
  return [...exchanges.values()];
}
