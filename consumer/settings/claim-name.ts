import { Type } from 'typebox';

/** A setting that names a claim: its name, or a JSON Pointer (RFC 6901) if it begins with `/`. An empty default: no claim. */
export const claimName = (value: string, description: string) =>
  Type.String({
    default: value,
    minLength: value === '' ? 0 : 1,
    maxLength: 200,
    pattern: '^([^~]|~[01])*$',
    description,
  });
