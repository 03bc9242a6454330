import { readFileSync } from 'node:fs';

// Loaded before a process's own code: its Date is off by as many milliseconds as the file says, from the moment on it says so.
// Timers and performance.now() run on, as they do when a machine's clock is set.

const LOOK_EVERY_MS = 200;
const file = new URL(import.meta.url).searchParams.get('file') ?? '';
const RealDate = Date;
let offsetMs = 0;

const now = () => RealDate.now() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
  apply: (target) => new target(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});

setInterval(() => {
  try {
    offsetMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // Nobody has set it.
  }
}, LOOK_EVERY_MS).unref();
