/** Removes each `:password@` from an address, for output. */
export function hidePassword(address: string): string {
  return address.replace(/(:\/\/[^:@/\s,]*):[^@/\s,]+@/g, '$1@');
}
