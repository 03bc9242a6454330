import type { ServerResponse } from 'node:http';

/** What goes wrong with one request. */
export type GatewayFault =
  /** Answered with 429; nothing is done. */
  | 'too many requests'
  /** Answered with 500; nothing is done. */
  | 'failed before'
  /** Done, and answered with 500. */
  | 'failed after'
  /** Done, and the connection is closed without an answer. */
  | 'answer lost'
  /** Done, and never answered. */
  | 'silent';

export const gatewayFaults: readonly GatewayFault[] = [
  'too many requests',
  'failed before',
  'failed after',
  'answer lost',
  'silent',
];

export type FaultyRequest = { method: string; path: string };

export type GatewayFaults = ReturnType<typeof createGatewayFaults>;

/** The faults of a gateway in a test: those that are ordered, and those that a seeded random source chooses. */
export function createGatewayFaults() {
  const ordered: { fault: GatewayFault; matches: (request: FaultyRequest) => boolean }[] = [];
  let random: (() => GatewayFault | null) | null = null;
  let isAway = false;
  return {
    /** The next request that matches meets the fault. */
    order(fault: GatewayFault, matches: (request: FaultyRequest) => boolean = () => true): void {
      ordered.push({ fault, matches });
    },
    /** Every other request meets what this function returns. Null: no faults. */
    choose(chosen: (() => GatewayFault | null) | null): void {
      random = chosen;
    },
    /** While it is away, the gateway closes every connection without reading the request. */
    setAway(away: boolean): void {
      isAway = away;
    },
    isAway: () => isAway,
    take(request: FaultyRequest): GatewayFault | null {
      const index = ordered.findIndex(({ matches }) => matches(request));
      if (index >= 0) return ordered.splice(index, 1)[0]?.fault ?? null;
      return random?.() ?? null;
    },
  };
}

/** Answers as the fault demands. Calls `act` if the request is done nevertheless. False: no fault, nothing happened. */
export function meetFault(
  fault: GatewayFault | null,
  response: ServerResponse,
  answer: (status: 429 | 500) => void,
  act: (failed: boolean) => void,
): boolean {
  switch (fault) {
    case null:
      return false;
    case 'too many requests':
      answer(429);
      return true;
    case 'failed before':
      answer(500);
      return true;
    case 'failed after':
      act(true);
      answer(500);
      return true;
    case 'answer lost':
      act(false);
      response.destroy();
      return true;
    case 'silent':
      act(false);
      return true;
    default:
      return fault satisfies never;
  }
}
