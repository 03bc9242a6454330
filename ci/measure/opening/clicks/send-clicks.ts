import { closeSync, openSync, readSync } from 'node:fs';
import { openConnections } from './open-connections.ts';

export type ClickPlan = {
  port: number;
  method: 'GET' | 'POST';
  path: string;
  /** One token per line, all of the same length; click i uses line `firstLine` + i. */
  tokens: { file: string; lineBytes: number; firstLine: number };
  clicks: number;
  /** The clicks are due at even distances within this time. */
  spreadMs: number;
  /** Answers count until this long after the last click was due. */
  deadlineMs: number;
  /** A click for which no connection may be opened waits for a free one, in order. */
  maxConnections: number;
  /** Clicks that still wait for a connection when the last one is due are dropped (default: they are sent later). */
  dropsLate?: boolean;
};

/** Per click, in the order in which they were due. Times are milliseconds since the start. */
export type ClickTimes = {
  /** NaN: never sent, because no connection was free. */
  sentMs: Float64Array;
  answeredMs: Float64Array;
  /** 0: no answer. */
  statuses: Uint16Array;
  connections: number;
  /** CPU time of this process, all of it and until the last click was due. */
  cpuMs: number;
  sendingCpuMs: number;
};

const TICK_MS = 1;

/** An open loop: each click is due at its time, however long the answers take. */
export async function sendClicks(plan: ClickPlan): Promise<ClickTimes> {
  const { clicks, spreadMs, deadlineMs, dropsLate = false } = plan;
  const requests = prepareRequests(plan);
  const sentMs = new Float64Array(clicks).fill(Number.NaN);
  const answeredMs = new Float64Array(clicks).fill(Number.NaN);
  const statuses = new Uint16Array(clicks);
  let answers = 0;
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const connections = openConnections(plan.port, plan.maxConnections, (click, status) => {
    statuses[click] = status;
    answeredMs[click] = performance.now() - startedMs;
    answers += 1;
  });
  let next = 0;
  let total = clicks;
  let sendingCpuMs: number | undefined;
  for (let nowMs = 0; answers < total && nowMs < spreadMs + deadlineMs; nowMs = performance.now() - startedMs) {
    if (nowMs >= spreadMs) {
      sendingCpuMs ??= cpuMsSince(cpuBefore);
      if (dropsLate) total = next;
    }
    const due = Math.min(total, Math.floor((nowMs * clicks) / spreadMs) + 1);
    while (next < due && connections.send(next, requests[next] ?? '')) {
      sentMs[next] = performance.now() - startedMs;
      next += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  connections.close();
  const cpuMs = cpuMsSince(cpuBefore);
  return {
    sentMs,
    answeredMs,
    statuses,
    connections: connections.opened(),
    cpuMs,
    sendingCpuMs: sendingCpuMs ?? cpuMs,
  };
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function prepareRequests({ method, path, tokens, clicks }: ClickPlan): string[] {
  const { file, lineBytes, firstLine } = tokens;
  const bytes = Buffer.alloc(clicks * lineBytes);
  const opened = openSync(file, 'r');
  const read = readSync(opened, bytes, 0, bytes.length, firstLine * lineBytes);
  closeSync(opened);
  if (read < bytes.length) throw new Error(`the file has tokens for ${read / lineBytes} of ${clicks} buyers`);
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nIdempotency-Attempt: 1\r\n`;
  return Array.from({ length: clicks }, (_, click) => {
    const token = bytes.toString('latin1', click * lineBytes, (click + 1) * lineBytes - 1);
    return `${head}Authorization: Bearer ${token}\r\nIdempotency-Key: "${firstLine + click}"\r\n\r\n`;
  });
}
