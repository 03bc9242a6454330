import { gzipSync } from 'node:zlib';
import { type HttpCase, type HttpScene, httpBytes } from './speak-http.ts';

const GOOD = '{"name":"A","count":1,"priceCents":1}';
const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const CHUNKED = ['Transfer-Encoding', 'chunked'] as const;

const with1 = (more: string) => `{"name":"A","count":1,"priceCents":1,${more}}`;
const nested = (open: string, close: string, times: number) => `${open.repeat(times)}1${close.repeat(times)}`;
const megabyte = Buffer.alloc(1_000_000, 'x');
const chunk = Buffer.concat([Buffer.from(`${megabyte.length.toString(16)}\r\n`), megabyte, Buffer.from('\r\n')]);

/** Bodies, said to an address that takes them from this caller: whatever is refused here is refused for the body. */
export function bodyCases({ boss }: HttpScene): HttpCase[] {
  type Options = { type?: string | null; encoding?: string; length?: number | null };
  const body = (text: string | Buffer, { type = JSON_TYPE[1], encoding, length }: Options = {}) => {
    const headers = [
      boss,
      ...(type === null ? [] : [['Content-Type', type] as const]),
      ...(encoding ? [['Content-Encoding', encoding] as const] : []),
    ];
    return httpBytes({ method: 'POST', path: '/api/v1/admin/stocks', headers, body: text, length });
  };
  const head = (...headers: (readonly [string, string])[]) =>
    httpBytes({ method: 'POST', path: '/api/v1/admin/stocks', headers: [boss, JSON_TYPE, ...headers] });
  const dots = { parts: [head(['Content-Length', '90']), ...'..........'], pauseMs: 400 };

  return [
    ['no body where one is needed', [body('')], 400, 'invalid_request'],
    ['JSON that breaks off', [body('{"name":"A","count":')], 400, 'bad_request'],
    ['a body that breaks off with the connection', { parts: [body('{"na', { length: 90 })], hangUp: true }, 0],
    ['the same key twice: the last one counts', [body(with1('"count":-1'))], 400, 'invalid_request'],
    ['a key __proto__', [body(with1('"__proto__":{"x":1}'))], 400, 'bad_request'],
    ['a key __proto__, written otherwise', [body(with1('"__\\u0070roto__":{"x":1}'))], 400, 'bad_request'],
    ['a key constructor.prototype', [body(with1('"constructor":{"prototype":{"x":1}}'))], 400, 'bad_request'],
    ['30,000 lists in one another', [body(nested('[', ']', 30_000))], 400, 'invalid_request'],
    ['10,000 objects in one another', [body(nested('{"a":', '}', 10_000))], 400, 'invalid_request'],
    ['null', [body('null')], 400, 'invalid_request'],
    ['a text', [body('"A"')], 400, 'invalid_request'],
    ['a number beyond all numbers', [body(with1('"count":1e999'))], 400, 'invalid_request'],
    ['half a unit', [body(with1('"count":0.5'))], 400, 'invalid_request'],
    ['2^53 units', [body(with1('"count":9007199254740992'))], 400, 'invalid_request'],
    ['a number as text', [body(with1('"count":"1"'))], 400, 'invalid_request'],
    ['stock id 2^53', [body(with1('"sid":9007199254740992'))], 400, 'invalid_request'],
    ['a name of blanks', [body(with1('"name":"   "'))], 400, 'invalid_request'],
    ['a time beyond all times', [body(with1('"opensAt":"99999-01-01T00:00:00Z"'))], 400, 'invalid_request'],
    ['a time of the 31st of February', [body(with1('"opensAt":"2030-02-31T00:00:00Z"'))], 400, 'invalid_request'],
    ['bytes that are no UTF-8', [body(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))], 400],
    ['9 MB', [body(Buffer.alloc(9_000_000, 'x'))], 413, 'body_too_large'],
    ['9 MB that are only announced', [head(['Content-Length', '9000000'])], 413, 'body_too_large'],
    ['9 MB in chunks', [head(CHUNKED), ...Array(9).fill(chunk), '0\r\n\r\n'], 413, 'body_too_large'],
    ['65 KB', [body(`{"name":"${'x'.repeat(65_600)}"}`)], 413, 'body_too_large'],
    ['50 MB in 50 KB of gzip', [body(gzipSync(Buffer.alloc(50_000_000, ' ')), { encoding: 'gzip' })], 415],
    ['a good body in gzip', [body(gzipSync(GOOD), { encoding: 'gzip' })], 415, 'unsupported_media_type'],
    ['a coding that is none', [body(GOOD, { encoding: 'x-none' })], 415, 'unsupported_media_type'],
    ['a length that is no number', [head(['Content-Length', 'many']), GOOD], 400, 'bad_request'],
    ['a negative length', [head(['Content-Length', '-1']), GOOD], 400, 'bad_request'],
    ['a length and chunks', [head(['Content-Length', '3'], CHUNKED), '0\r\n\r\n'], 400, 'bad_request'],
    ['two lengths', [head(['Content-Length', '1'], ['Content-Length', '2']), 'ab'], 400, 'bad_request'],
    ['a chunk whose length is none', [head(CHUNKED), 'zz\r\nx\r\n0\r\n\r\n'], 400, 'bad_request'],
    ['another transfer coding', [head(['Transfer-Encoding', 'gzip, chunked']), '0\r\n\r\n'], 501, 'bad_request'],
    ['a body that does not come: nobody waits', [head(['Content-Length', '90'])], 0],
    ['a body that comes byte by byte, and ends in the middle', dots, 0],
    ['a body of text/xml', [body(GOOD, { type: 'text/xml' })], 415, 'unsupported_media_type'],
    ['a body of text/plain', [body(GOOD, { type: 'text/plain' })], 415, 'unsupported_media_type'],
    ['a form', [body(GOOD, { type: 'application/x-www-form-urlencoded' })], 415, 'unsupported_media_type'],
    ['a form of many parts', [body(GOOD, { type: 'multipart/form-data; boundary=x' })], 415, 'unsupported_media_type'],
    ['a type that is none', [body(GOOD, { type: ';;;=' })], 415, 'unsupported_media_type'],
    ['a type that begins like JSON', [body(GOOD, { type: 'application/jsonp' })], 415, 'unsupported_media_type'],
    ['no type', [body(GOOD, { type: null })], 415, 'unsupported_media_type'],
    ['a type of 8 KB', [body(GOOD, { type: `text/${'x'.repeat(8000)}` })], 415, 'unsupported_media_type'],
    ['JSON in UTF-7', [body('+AHs-', { type: 'application/json; charset=utf-7' })], 400, 'bad_request'],
  ];
}
