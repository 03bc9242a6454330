/** The body of a response, as text. Rejects when it is larger than `maxBytes`. `from`: who answered, for the error. */
export async function readAnswer({ body }: Response, maxBytes: number, from: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > maxBytes) throw new Error(`${from} answered with more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
