import { Problem } from './problem.ts';

// Values of request headers, compared as their RFCs say: names without regard to case, quoted texts as they are. Everything in
// the consumer that reads a value of more than one word reads it here.

/** Of a header that came more than once Node gives either a list or one text with commas. */
type Header = string | string[] | undefined;

/** Longer values are of no use to anyone who means well. nginx takes 16 KiB of headers. */
const LONGEST = 4096;
const MAX_ITEMS = 100;

/** The items of a list with commas (RFC 9110, 5.6.1), trimmed and without empty ones. Commas inside quotes divide nothing. */
function splitList(header: Header, by: ',' | ';' = ','): string[] {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  if (text.length > LONGEST) return [];
  const items: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at <= text.length; at += 1) {
    const one = text[at];
    if (isQuoted && one === '\\') at += 1;
    else if (one === '"') isQuoted = !isQuoted;
    else if (at >= text.length || (one === by && !isQuoted)) {
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

/** `name` or `name=value`; the name in small letters, the value '' where there is none. */
function readPair(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text.toLowerCase(), ''];
  return [text.slice(0, equals).trim().toLowerCase(), unquote(text.slice(equals + 1).trim())];
}

/** Directives by name in small letters, such as `no-cache` and `max-age` (RFC 9111, 5.2). The first of one name counts. */
export function cacheDirectives(header: Header): Map<string, string> {
  return new Map(splitList(header).map(readPair).reverse());
}

/** Preferences by name in small letters, such as `respond-async` and `wait` (RFC 7240). The first of one name counts. */
export function preferences(header: Header): Map<string, string> {
  const all = splitList(header).map((item) => readPair(splitList(item, ';')[0] ?? ''));
  return new Map(all.reverse());
}

/** 1 to 200 visible ASCII characters, in quotes as the IETF draft says, or without them. Letters of both cases differ. */
const KEY = /^(?:"([!#-~]{1,200})"|([!#-~]{1,200}))$/;
/** The same for JSON Schema. */
export const IDEMPOTENCY_KEY_PATTERN = KEY.source;

/** The key, or undefined when there is none. Throws Problem `invalid_idempotency_key`. */
export function readIdempotencyKey(header: Header): string | undefined {
  if (header === undefined) return undefined;
  const found = typeof header === 'string' ? KEY.exec(header.trim()) : null;
  const key = found?.[1] ?? found?.[2];
  if (key === undefined) throw new Problem('invalid_idempotency_key');
  return key;
}

/** Which attempt this is, from 1. Null when the header is missing or is no such number: then it may be any. */
export function readIdempotencyAttempt(header: Header): number | null {
  const text = typeof header === 'string' ? header.trim() : '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** Codings of a body that are to be undone, in small letters; `identity` is none (RFC 9110, 8.4). */
export function contentCodings(header: Header): string[] {
  return splitList(header)
    .map((coding) => coding.toLowerCase())
    .filter((coding) => coding !== 'identity');
}

/** Whether `If-None-Match` names the tag: by weak comparison, in which W/"a" is "a" (RFC 9110, 8.8.3.2). */
export function namesTag(header: Header, tag: string): boolean {
  const opaque = (text: string) => text.replace(/^W\//, '');
  const items = splitList(header);
  return (items.length === 1 && items[0] === '*') || items.some((item) => opaque(item) === opaque(tag));
}

type MediaRange = { type: string; quality: number };

function readRange(item: string): MediaRange {
  const [type = '', ...parameters] = splitList(item, ';');
  const quality = parameters.map(readPair).find(([name]) => name === 'q')?.[1];
  // A weight that cannot be read counts as none, which is the whole.
  const isWeight = quality !== undefined && /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality);
  return { type: type.toLowerCase(), quality: isWeight ? Number(quality) : 1 };
}

/**
 * How much a type is wanted: its weight by the range that names it most exactly, then how exactly that is, then how early it comes.
 */
function rankOf(ranges: MediaRange[], type: string): [quality: number, exactness: number, earliness: number] {
  const names = [type, `${type.split('/')[0]}/*`, '*/*'];
  for (const [vagueness, name] of names.entries()) {
    const at = ranges.findIndex((range) => range.type === name);
    const found = ranges[at];
    if (found) return [found.quality, -vagueness, -at];
  }
  return [0, 0, 0];
}

/**
 * Of the media types that there are, the one that `Accept` likes most (RFC 9110, 12.5.1); the first of them where there is no
 * such header. Null when it takes none.
 */
export function chooseType<T extends string>(header: Header, types: readonly [T, ...T[]]): T | null {
  const ranges = splitList(header).map(readRange);
  if (ranges.length === 0) return types[0];
  const ranked = types.map((type) => ({ type, rank: rankOf(ranges, type) }));
  ranked.sort(
    (one, other) => other.rank[0] - one.rank[0] || other.rank[1] - one.rank[1] || other.rank[2] - one.rank[2],
  );
  const [best] = ranked;
  return best && best.rank[0] > 0 ? best.type : null;
}
