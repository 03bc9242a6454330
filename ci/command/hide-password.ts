/** An address as it may be shown: each `:password@` in it is left out. */
export function hidePassword(address: string): string {
  return address.replace(/(:\/\/[^:@/\s,]*):[^@/\s,]+@/g, '$1@');
}
