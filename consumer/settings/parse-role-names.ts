import { SettingsError } from '../../proto/settings/read-settings.ts';

/** Roles besides `admin`, which allows everything. */
export const roles = ['viewer', 'operator', 'finance'] as const;
export type Role = (typeof roles)[number] | 'admin';

/**
 * Parses ROLE_NAMES: pairs `name=role` separated by commas, where `name` is what the identity provider calls the role. Throws a
 * SettingsError.
 */
export function parseRoleNames(text: string): Map<string, Role[]> {
  const names = new Map<string, Role[]>();
  if (text.trim() === '') return names;
  for (const pair of text.split(',')) {
    const at = pair.lastIndexOf('=');
    const [name, role] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 0 || name === '')
      throw new SettingsError(`settings: ROLE_NAMES has '${pair.trim()}', which is not name=role`);
    if (!isRole(role)) {
      throw new SettingsError(`settings: ROLE_NAMES has the role '${role}'; the roles are admin, ${roles.join(', ')}`);
    }
    names.set(name, [...(names.get(name) ?? []), role]);
  }
  return names;
}

function isRole(text: string): text is Role {
  return text === 'admin' || roles.some((role) => role === text);
}
