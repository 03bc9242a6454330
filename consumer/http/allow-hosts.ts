/**
 * Whether a header Host names one of these hosts, with any port. This stops DNS rebinding, where a page of another name reaches this
 * server and sends its own name in Host. A request without the header is not from a browser, and is allowed.
 */
export function allowHosts(hosts: string): (header: string | undefined) => boolean {
  if (hosts === '') return () => true;
  const allowed = new Set(hosts.toLowerCase().split(','));
  return (header) => header === undefined || allowed.has(header.toLowerCase().replace(/:\d*$/, ''));
}
