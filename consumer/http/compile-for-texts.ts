import type { Ajv, ErrorObject } from 'ajv';

export type TextSchema = { properties?: Record<string, { type?: string }> };
type Check = { (texts: Record<string, unknown>): boolean; errors?: ErrorObject[] | null };

// A whole number as JSON writes it. JavaScript also reads 1e3, 0x1F, +1, 01 and blanks as numbers: one stock would have several URLs.
const WHOLE = /^-?(?:0|[1-9]\d*)$/;
const NOT_WHOLE = { keyword: 'type', schemaPath: '#/type', params: { type: 'integer' }, message: 'must be integer' };

/** Validates path, query and header values, and converts them to numbers where the schema says so. Returns what Ajv returns. */
export function compileForTexts(ajv: Ajv, schema: TextSchema): Check {
  const validate = ajv.compile(schema);
  const numbers = Object.entries(schema.properties ?? {}).filter(([, { type }]) => type === 'integer');

  const check: Check = (texts) => {
    const wrong = numbers.find(([name]) => typeof texts[name] === 'string' && !WHOLE.test(texts[name]));
    if (wrong) {
      check.errors = [{ ...NOT_WHOLE, instancePath: `/${wrong[0]}` }];
      return false;
    }
    const ok = validate(texts) as boolean;
    check.errors = validate.errors ?? null;
    return ok;
  };
  return check;
}
