export const DAY_MS = 86_400_000;

/** `09:59`; from an hour on, or with `withHours`, `1:00:00`. Rounds up, so that 00:00 means the time is over. */
export function countdown(ms: number, withHours = false): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 || withHours ? `${withHours ? two(hours) : hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
