import { readFileSync } from 'node:fs';

// Loaded before a process's code: shifts its Date by the number of milliseconds in a file. Timers and performance.now() are not
// affected, as when the clock of a machine is set.

const READ_EVERY_MS = 200;
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
    // No fault has shifted the clock yet.
  }
}, READ_EVERY_MS).unref();
