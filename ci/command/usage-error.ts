/** Wrong input on the command line: the command prints its usage and ends with exit code 2. */
export class UsageError extends Error {}
