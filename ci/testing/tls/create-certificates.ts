import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../../local/set-up/set-up.mjs';

const script = path.join(root, 'ci', 'bin', 'make-certificates');

export type Certificate = { cert: string; key: string /** Key, certificate and CA in one file. */; both: string };

/** Makes a CA in a folder, and certificates of it, with the script that a shop uses. */
export function createCertificates(dir: string) {
  return {
    ca: path.join(dir, 'ca.pem'),
    /** `names`: of the server, such as DNS:localhost. `days` below 0: expired. */
    make(name: string, { names = 'DNS:localhost,IP:127.0.0.1', days = 30 } = {}): Certificate {
      execFileSync(script, [dir, name], { env: { ...process.env, SAN: names, DAYS: String(days) }, stdio: 'pipe' });
      const file = (what: string) => path.join(dir, name, `${what}.pem`);
      return { cert: file('cert'), key: file('key'), both: file('both') };
    },
  };
}
