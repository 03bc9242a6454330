import { gzipSync } from 'node:zlib';
import { type HttpCase, type HttpTargets, httpBytes } from './send-raw-http.ts';

const GOOD = '{"name":"A","count":1,"price":{"amount":1,"currency":"EUR"}}';
const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const CHUNKED = ['Transfer-Encoding', 'chunked'] as const;

const with1 = (more: string) => `{"name":"A","count":1,"price":{"amount":1,"currency":"EUR"},${more}}`;
const nested = (open: string, close: string, times: number) => `${open.repeat(times)}1${close.repeat(times)}`;
const megabyte = Buffer.alloc(1_000_000, 'x');
const chunk = Buffer.concat([Buffer.from(`${megabyte.length.toString(16)}\r\n`), megabyte, Buffer.from('\r\n')]);

/** Bodies, sent to a route that this caller may use, so that each refusal is for the body. */
export function bodyCases({ admin }: HttpTargets): HttpCase[] {
  type Options = { type?: string | null; encoding?: string; length?: number | null };
  const body = (text: string | Buffer, { type = JSON_TYPE[1], encoding, length }: Options = {}) => {
    const headers = [
      admin,
      ...(type === null ? [] : [['Content-Type', type] as const]),
      ...(encoding ? [['Content-Encoding', encoding] as const] : []),
    ];
    return httpBytes({ method: 'POST', path: '/api/v1/admin/stocks', headers, body: text, length });
  };
  const head = (...headers: (readonly [string, string])[]) =>
    httpBytes({ method: 'POST', path: '/api/v1/admin/stocks', headers: [admin, JSON_TYPE, ...headers] });
  const dots = { parts: [head(['Content-Length', '90']), ...'..........'], pauseMs: 400 };

  return [
    ['no body', [body('')], 400, 'invalid_request'],
    ['truncated JSON', [body('{"name":"A","count":')], 400, 'bad_request'],
    ['a body cut off by a closed connection', { parts: [body('{"na', { length: 90 })], hangUp: true }, 0],
    ['a duplicate key: the last value counts', [body(with1('"count":-1'))], 400, 'invalid_request'],
    ['a key __proto__', [body(with1('"__proto__":{"x":1}'))], 400, 'bad_request'],
    ['an escaped key __proto__', [body(with1('"__\\u0070roto__":{"x":1}'))], 400, 'bad_request'],
    ['a key constructor.prototype', [body(with1('"constructor":{"prototype":{"x":1}}'))], 400, 'bad_request'],
    ['30,000 nested lists', [body(nested('[', ']', 30_000))], 400, 'invalid_request'],
    ['10,000 nested objects', [body(nested('{"a":', '}', 10_000))], 400, 'invalid_request'],
    ['null', [body('null')], 400, 'invalid_request'],
    ['a string', [body('"A"')], 400, 'invalid_request'],
    ['a number out of range', [body(with1('"count":1e999'))], 400, 'invalid_request'],
    ['a fractional count', [body(with1('"count":0.5'))], 400, 'invalid_request'],
    ['2^53 units', [body(with1('"count":9007199254740992'))], 400, 'invalid_request'],
    ['a number as a string', [body(with1('"count":"1"'))], 400, 'invalid_request'],
    ['stock id 2^53', [body(with1('"sid":"9007199254740992"'))], 400, 'invalid_request'],
    ['a stock id as a number', [body(with1('"sid":7'))], 400, 'invalid_request'],
    ['a name of blanks', [body(with1('"name":"   "'))], 400, 'invalid_request'],
    ['a year of five digits', [body(with1('"opensAt":"99999-01-01T00:00:00Z"'))], 400, 'invalid_request'],
    ['the 31st of February', [body(with1('"opensAt":"2030-02-31T00:00:00Z"'))], 400, 'invalid_request'],
    ['invalid UTF-8', [body(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))], 400],
    ['9 MB', [body(Buffer.alloc(9_000_000, 'x'))], 413, 'body_too_large'],
    ['9 MB announced and not sent', [head(['Content-Length', '9000000'])], 413, 'body_too_large'],
    ['9 MB in chunks', [head(CHUNKED), ...Array(9).fill(chunk), '0\r\n\r\n'], 413, 'body_too_large'],
    ['65 KB', [body(`{"name":"${'x'.repeat(65_600)}"}`)], 413, 'body_too_large'],
    ['50 MB in 50 KB of gzip', [body(gzipSync(Buffer.alloc(50_000_000, ' ')), { encoding: 'gzip' })], 415],
    ['a valid body in gzip', [body(gzipSync(GOOD), { encoding: 'gzip' })], 415, 'unsupported_media_type'],
    ['an unknown content coding', [body(GOOD, { encoding: 'x-none' })], 415, 'unsupported_media_type'],
    ['a length that is not a number', [head(['Content-Length', 'many']), GOOD], 400, 'bad_request'],
    ['a negative length', [head(['Content-Length', '-1']), GOOD], 400, 'bad_request'],
    ['a length and chunks', [head(['Content-Length', '3'], CHUNKED), '0\r\n\r\n'], 400, 'bad_request'],
    ['two lengths', [head(['Content-Length', '1'], ['Content-Length', '2']), 'ab'], 400, 'bad_request'],
    ['an invalid chunk length', [head(CHUNKED), 'zz\r\nx\r\n0\r\n\r\n'], 400, 'bad_request'],
    ['another transfer coding', [head(['Transfer-Encoding', 'gzip, chunked']), '0\r\n\r\n'], 501, 'bad_request'],
    ['a body that never arrives', [head(['Content-Length', '90'])], 0],
    ['a slow, truncated body', dots, 0],
    ['a body of text/xml', [body(GOOD, { type: 'text/xml' })], 415, 'unsupported_media_type'],
    ['a body of text/plain', [body(GOOD, { type: 'text/plain' })], 415, 'unsupported_media_type'],
    ['a form', [body(GOOD, { type: 'application/x-www-form-urlencoded' })], 415, 'unsupported_media_type'],
    ['a multipart form', [body(GOOD, { type: 'multipart/form-data; boundary=x' })], 415, 'unsupported_media_type'],
    ['an invalid content type', [body(GOOD, { type: ';;;=' })], 415, 'unsupported_media_type'],
    [
      'a type that begins with application/json',
      [body(GOOD, { type: 'application/jsonp' })],
      415,
      'unsupported_media_type',
    ],
    ['no content type', [body(GOOD, { type: null })], 415, 'unsupported_media_type'],
    ['a content type of 8 KB', [body(GOOD, { type: `text/${'x'.repeat(8000)}` })], 415, 'unsupported_media_type'],
    ['JSON in UTF-7', [body('+AHs-', { type: 'application/json; charset=utf-7' })], 400, 'bad_request'],
  ];
}
