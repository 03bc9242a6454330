import type { Outcome } from './buy-unit.ts';

/** The answers that one buyer received, over all clicks. */
export type ObservedHistory = {
  buyer: string;
  /** Confirmed if any click was confirmed, otherwise the last outcome. */
  kind: Outcome['kind'];
  status: number;
  /** Order numbers that were answered with 201 or 200. */
  confirmedNos: string[];
  /** Order numbers that were answered as sold out. */
  refusedNos: string[];
  /** From the click, or from the opening if that is later, to the answer; undefined without an answer. */
  clickToAnswerMs: number | undefined;
  /** performance.now() at that answer. */
  answeredMs: number | undefined;
  /** Whether the buyer paid at the gateway. */
  paid: boolean;
};

export function createHistory(buyer: string): ObservedHistory {
  const empty = { confirmedNos: [], refusedNos: [], clickToAnswerMs: undefined, answeredMs: undefined, paid: false };
  return { buyer, kind: 'pending', status: 0, ...empty };
}

/** Adds the outcome of one click. Returns whether it is the first confirmation. */
export function addOutcome(history: ObservedHistory, { kind, orderNo, status }: Outcome): boolean {
  const numbers = kind === 'confirmed' ? history.confirmedNos : kind === 'refused' ? history.refusedNos : undefined;
  if (orderNo !== undefined && numbers && !numbers.includes(orderNo)) numbers.push(orderNo);
  if (history.kind === 'confirmed') return false;
  history.kind = kind;
  history.status = status;
  return kind === 'confirmed';
}
