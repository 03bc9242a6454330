/**
 * Whether a header Host names one of these hosts, with any port. A page of another name that a name server leads to this machine
 * has its own name in Host (DNS rebinding). Without the header it is no browser.
 */
export function allowHosts(hosts: string): (header: string | undefined) => boolean {
  if (hosts === '') return () => true;
  const allowed = new Set(hosts.toLowerCase().split(','));
  return (header) => header === undefined || allowed.has(header.toLowerCase().replace(/:\d*$/, ''));
}
