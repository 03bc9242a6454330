import { Problem } from './problem.ts';

// Parsers of all structured request headers that the consumer reads: names are case-insensitive, quoted strings are case-sensitive.

/** For a repeated header Node returns either a list or one string with commas. */
type Header = string | string[] | undefined;

/** Longer values are ignored. nginx accepts 16 KiB of headers in total. */
const MAX_LENGTH = 4096;
const MAX_ITEMS = 100;

/** The items of a comma-separated list (RFC 9110, 5.6.1), trimmed, without empty items. Commas in quoted strings do not separate. */
function splitList(header: Header, by: ',' | ';' = ','): string[] {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  if (text.length > MAX_LENGTH) return [];
  const items: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at];
    if (isQuoted && character === '\\') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (at >= text.length || (character === by && !isQuoted)) {
      items.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  if (from < text.length && isQuoted) items.push(text.slice(from).trim());
  return items.filter(Boolean).slice(0, MAX_ITEMS);
}

function unquote(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

/** `name` or `name=value`; the name in lower case, the value '' where there is none. */
function readPair(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text.toLowerCase(), ''];
  return [text.slice(0, equals).trim().toLowerCase(), unquote(text.slice(equals + 1).trim())];
}

/** Preferences by lower-case name, such as `respond-async` and `wait` (RFC 7240). The first of a name counts. */
export function preferences(header: Header): Map<string, string> {
  const all = splitList(header).map((item) => readPair(splitList(item, ';')[0] ?? ''));
  return new Map(all.reverse());
}

const MAX_WAIT_SECONDS = 10;

/** The seconds of `Prefer: wait=N` (RFC 7240), at most 10 and at most `maxMs`. Undefined without a valid preference. */
export function readWaitSeconds(header: Header, maxMs: number): number | undefined {
  const text = header === undefined ? undefined : preferences(header).get('wait');
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  return Math.min(Number(text), MAX_WAIT_SECONDS, Math.floor(maxMs / 1000));
}

/** 1 to 200 visible ASCII characters, quoted as in the IETF draft, or unquoted. Case-sensitive. */
const KEY = /^(?:"([!#-~]{1,200})"|([!#-~]{1,200}))$/;
/** KEY for JSON Schema. */
export const IDEMPOTENCY_KEY_PATTERN = KEY.source;

/** The key, undefined without the header. Throws Problem `invalid_idempotency_key`. */
export function readIdempotencyKey(header: Header): string | undefined {
  if (header === undefined) return undefined;
  const found = typeof header === 'string' ? KEY.exec(header.trim()) : null;
  const key = found?.[1] ?? found?.[2];
  if (key === undefined) throw new Problem('invalid_idempotency_key');
  return key;
}

/** The number of this attempt, from 1. Null when the header is missing or invalid: any attempt. */
export function readIdempotencyAttempt(header: Header): number | null {
  const text = typeof header === 'string' ? header.trim() : '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** Codings of the body in lower case, without `identity` (RFC 9110, 8.4). */
export function contentCodings(header: Header): string[] {
  return splitList(header)
    .map((coding) => coding.toLowerCase())
    .filter((coding) => coding !== 'identity');
}

/** Whether `If-None-Match` matches the tag, by weak comparison: W/"a" equals "a" (RFC 9110, 8.8.3.2). */
export function namesTag(header: Header, tag: string): boolean {
  const opaque = (text: string) => text.replace(/^W\//, '');
  const items = splitList(header);
  return (items.length === 1 && items[0] === '*') || items.some((item) => opaque(item) === opaque(tag));
}

/** The strong entity tag of a version. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/** The version that `If-Match` names; undefined: any. Throws Problem `version_mismatch` for a tag that is no version (RFC 9110, 13.1.1). */
export function readIfMatch(header: Header): number | undefined {
  if (header === undefined) return undefined;
  const text = String(header).trim();
  if (text === '*') return undefined;
  const [, version] = /^"(0|[1-9]\d{0,14})"$/.exec(text) ?? [];
  if (version === undefined) throw new Problem('version_mismatch');
  return Number(version);
}

type MediaRange = { type: string; quality: number };

function readRange(item: string): MediaRange {
  const [type = '', ...parameters] = splitList(item, ';');
  const quality = parameters.map(readPair).find(([name]) => name === 'q')?.[1];
  // An invalid weight is ignored, which means 1.
  const isWeight = quality !== undefined && /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality);
  return { type: type.toLowerCase(), quality: isWeight ? Number(quality) : 1 };
}

/** Ranks a type: the weight of the most specific range that matches it, then the specificity of that range, then its position. */
function rankOf(ranges: MediaRange[], type: string): [quality: number, specificity: number, position: number] {
  const names = [type, `${type.split('/')[0]}/*`, '*/*'];
  for (const [level, name] of names.entries()) {
    const at = ranges.findIndex((range) => range.type === name);
    const found = ranges[at];
    if (found) return [found.quality, -level, -at];
  }
  return [0, 0, 0];
}

/** The media type that `Accept` prefers (RFC 9110, 12.5.1), the first one without that header. Null when none is acceptable. */
export function chooseType<T extends string>(header: Header, types: readonly [T, ...T[]]): T | null {
  const ranges = splitList(header).map(readRange);
  if (ranges.length === 0) return types[0];
  const ranked = types.map((type) => ({ type, rank: rankOf(ranges, type) }));
  ranked.sort((a, b) => b.rank[0] - a.rank[0] || b.rank[1] - a.rank[1] || b.rank[2] - a.rank[2]);
  const [best] = ranked;
  return best && best.rank[0] > 0 ? best.type : null;
}
