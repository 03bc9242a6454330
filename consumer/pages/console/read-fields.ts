// From what was typed to what the API takes. An empty field is not sent, and what is no number goes as it is: the API says what is wrong.

type Sent<Name extends string, Value> = { [name in Name]?: Value };

const one = <Name extends string, Value>(name: Name, value: Value) => ({ [name]: value }) as Sent<Name, Value>;

export function toCount<Name extends string>(name: Name, text: string): Sent<Name, number> {
  const bare = text.trim();
  if (bare === '') return {};
  const value = Number(bare);
  return one(name, (Number.isNaN(value) ? bare : value) as number);
}

/** A price such as 19.99 in the currency's smallest unit. */
export function toCents<Name extends string>(name: Name, text: string, currency: string): Sent<Name, number> {
  const bare = text.trim();
  if (bare === '') return {};
  const value = Number(bare);
  if (Number.isNaN(value)) return one(name, bare as unknown as number);
  // Rounded by a millionth, which is what 19.99 × 100 is off by; 19.999 stays wrong.
  return one(name, Math.round(value * 10 ** digitsOf(currency) * 1e6) / 1e6);
}

/** What a datetime-local field holds: a time of this device's zone. */
export function toIso<Name extends string>(name: Name, text: string): Sent<Name, string> {
  if (text === '') return {};
  const ms = Date.parse(text);
  return one(name, Number.isNaN(ms) ? text : new Date(ms).toISOString());
}

function digitsOf(currency: string): number {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency: currency.trim() || 'CNY' });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}
