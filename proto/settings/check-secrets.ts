import { type Environment, SettingsError } from './read-settings.ts';
import { parseSecretKeys } from './secret-keys.ts';
import { SECRET_LENGTH, weakSecret } from './weak-secret.ts';

/** Every message may be verified with each of them. */
const MAX_SECRETS = 4;

type Settings<Name extends string> = { NODE_ENV: Environment } & { [name in Name]: string };

/** Checks a setting that is a list of secrets (parseSecretKeys). Throws a SettingsError, which contains no secret. */
export function checkSecrets<Name extends string>(
  settings: Settings<Name>,
  name: Name,
  { needed }: { needed: boolean },
): void {
  const secrets = parseSecretKeys(settings[name]).map(({ secret }) => secret);
  if (secrets.length === 0) {
    if (needed) refuse(`${name} is required`);
    return;
  }
  if (secrets.length > MAX_SECRETS)
    refuse(`${name} has ${secrets.length} secrets, and at most ${MAX_SECRETS} are allowed`);
  if (new Set(secrets).size < secrets.length) refuse(`${name} has the same secret twice`);
  for (const [index, secret] of secrets.entries()) {
    const which = secrets.length === 1 ? name : `${name}, secret ${index + 1} of ${secrets.length},`;
    if (secret.length < SECRET_LENGTH) refuse(`${which} has fewer than ${SECRET_LENGTH} characters`);
    const why = settings.NODE_ENV === 'production' ? weakSecret(secret) : null;
    if (why !== null) refuse(`${which} ${why}, which NODE_ENV=production refuses`);
  }
}

function refuse(why: string): never {
  throw new SettingsError(`settings: ${why}`);
}
