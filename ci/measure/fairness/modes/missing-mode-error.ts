/** The system has no such mode. The message says how it refused. */
export class MissingModeError extends Error {}
