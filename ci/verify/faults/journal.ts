import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Answer, Call, SaleClient } from '../sale/buyers/sale-client.ts';

/** Written before a request is sent. Times are milliseconds since 1970. */
export type AskLine = {
  n: number;
  atMs: number;
  buyer: string;
  /** One intent to buy; empty: another request. */
  key: string;
  method: Call['method'];
  path: string;
  repeat: boolean;
};
/** Written when it is over. Status 0: no answer; `abandoned`: the buyer gave up before. */
export type AnswerLine = {
  n: number;
  atMs: number;
  status: number;
  abandoned: boolean;
  code: string;
  orderNo: string;
  state: string;
  decision: string;
  liveOrderNo: string;
};
/** A request and its answer; none where the journal ends before. */
export type Exchange = { ask: AskLine; answer: AnswerLine | undefined };

export type Journal = {
  /** What this buyer sends with the client, with a line before and a line after each request. */
  keep(client: SaleClient, buyer: string, key?: string): SaleClient;
  /** Called with each answer, for whoever counts. */
  onAnswer(hear: (ask: AskLine, answer: AnswerLine) => void): void;
  close(): void;
};

/** A file to which lines are only ever added, each before what it announces happens: outside the system, and true after any end of it. */
export function startJournal(file: string): Journal {
  const journal = openSync(file, 'a', 0o600);
  const write = (line: AskLine | AnswerLine) => writeSync(journal, `${JSON.stringify(line)}\n`);
  let hear: (ask: AskLine, answer: AnswerLine) => void = () => undefined;
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
        hear(ask, line);
        return answer;
      },
    }),
    onAnswer(listener) {
      hear = listener;
    },
    close: () => closeSync(journal),
  };
}

function answerLine(n: number, { status, body, location }: Answer, abandoned: boolean): AnswerLine {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const { code, state, decision, liveOrderNo } = body;
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
    liveOrderNo: text(liveOrderNo),
  };
}

/** The requests of a journal in the sequence in which they were sent. */
export function readJournal(file: string): Exchange[] {
  return pairLines(readFileSync(file, 'utf8').split('\n'));
}

export function pairLines(lines: string[]): Exchange[] {
  const exchanges = new Map<number, Exchange>();
  for (const line of lines.filter((text) => text !== '')) {
    const one = JSON.parse(line) as AskLine | AnswerLine;
    if ('method' in one) exchanges.set(one.n, { ask: one, answer: undefined });
    else {
      const exchange = exchanges.get(one.n);
      if (!exchange) throw new Error(`the journal has an answer to a request that was never sent: ${one.n}`);
      exchange.answer = one;
    }
  }
  return [...exchanges.values()];
}
