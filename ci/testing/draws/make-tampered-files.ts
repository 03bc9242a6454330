import { toHex } from '../../../proto/draws/hex.ts';
import { makeSampleDraw, sampleRound } from '../../generate/make-sample-draw.ts';

type Change = (text: string) => string;

/** Public files of draws that no verifier may take, by what is wrong. */
export function makeTamperedFiles(): Record<string, string> {
  const { text, entries } = makeSampleDraw({ left: [3] });
  const id = toHex(entries[2]?.entryId as Uint8Array);
  const third = makeSampleDraw({ attempt: 3 }).text;
  const files: Record<string, string> = {};
  const change = (name: string, from: string | RegExp, to: string, of = text) => {
    const changed = of.replace(from, to);
    if (changed === of) throw new Error(`${name} changes nothing`);
    files[name] = changed;
  };

  change('count', '"count":3', '"count":4');
  change('seed', /^seed .*$/m, `seed ${'00'.repeat(32)}`);
  change('root', /^root .*$/m, `root ${'00'.repeat(32)}`);
  change('statement', /^statement .{2}/m, 'statement 00');
  change('entry', id, 'f'.repeat(64));
  change('removed', `${id}\n`, '');
  change('twice', `${id}\n`, `${id}\n${id}\n`);
  change('left unknown', 'left\n', `left\n${'0'.repeat(64)}\n`);
  change('left twice', /left\n(.*\n)/, 'left\n$1$1');

  // How it is written.
  change('no end', /end\n$/, '');
  change('last line feed', /\n$/, '');
  change('after end', /$/, 'more\n');
  change('carriage returns', /\n/g, '\r\n');
  change('byte order mark', /^/, '\ufeff');
  change('version', 'draw/v1', 'draw/v2');
  change('unknown line', 'seed ', 'note nothing\nseed ');
  change('repeated line', /^(seed .*\n)/m, '$1$1');
  change('sequence', /^(root .*\n)(seed .*\n)/m, '$2$1');
  change('line after the beacon', 'ids\n', 'seed 00\nids\n');
  change('void later', /^(void .*\n)(void .*\n)(entries .*\n)/m, '$1$3$2', third);
  change('upper-case id', id, id.toUpperCase());
  change('spaces in an id', id, `${id.slice(0, 2)} ${id.slice(2)}`);
  change('empty line', `${id}\n`, `${id}\n\n`);
  for (const name of ['root', 'seed', 'statement']) {
    const [line = '', hex = ''] = new RegExp(`^${name} (.*)$`, 'm').exec(text) ?? [];
    change(`upper-case ${name}`, line, `${name} ${hex.toUpperCase()}`);
    change(`spaces in ${name}`, line, `${name} ${hex.slice(0, 2)} ${hex.slice(2)}`);
    change(`two spaces before ${name}`, `${name} `, `${name}  `);
  }
  for (const number of ['010', '+10', ' 10', '10 ', '1_0', '10.0', '１０']) {
    change(`entries ${number}`, 'entries 10', `entries ${number}`);
  }

  addBeacons(files, change);
  addRules(files);
  addAttempts(change, third);
  return files;
}

type ChangeFile = (name: string, from: string | RegExp, to: string, of?: string) => void;

function addBeacons(files: Record<string, string>, change: ChangeFile): void {
  const { round, signature } = sampleRound;
  change('another round', `beacon ${round}`, `beacon ${round + 1}`);
  change('round with a sign', `beacon ${round}`, `beacon +${round}`);
  change('round with a zero', `beacon ${round}`, `beacon 0${round}`);
  change('no beacon', /^beacon .*$/m, 'beacon none');
  change('pending', /^beacon .*$/m, 'beacon pending');
  change('short signature', signature, signature.slice(2));
  change('upper-case signature', signature, signature.toUpperCase());
  change('more after the signature', signature, `${signature} 00`);
  change('another chain', '52db9ba7', '52db9ba8');
  const bytes = Buffer.from(signature, 'hex');
  // Everything is signed: only the beacon proves nothing.
  files['beacon unnamed'] = makeSampleDraw({ beacon: false, round: { round, signature: bytes } }).text;
  files['round known before the statement'] = makeSampleDraw({
    rules: { entriesCloseAt: '2023-09-15T10:55:00.000Z' },
  }).text;
  files['round of long ago'] = makeSampleDraw({
    rules: { entriesOpenAt: '2026-09-15T01:00:00.000Z', entriesCloseAt: '2026-09-15T10:00:00.000Z' },
  }).text;
  const chain = 'cc9c398442737cbd141526600919edd69f1d6f9b4adb67e4d912fbc64341a9a5';
  files['test chain'] = makeSampleDraw({ rules: { beacon: { chain, round } } }).text;
}

/** The shop signed all of it. */
function addRules(files: Record<string, string>): void {
  const rules: Record<string, Change> = {
    'sequence of fields': (text) => text.replace('"sid":7,"attempt":1', '"attempt":1,"sid":7'),
    'one more field': (text) => text.replace('{"sid"', '{"note":1,"sid"'),
    'one more field of the beacon': (text) => text.replace('"round"', '"note":1,"round"'),
    'repeated field': (text) => text.replace('"sid":7', '"sid":7,"sid":7'),
    'missing field': (text) => text.replace('"attempt":1,', ''),
    spaces: (text) => text.replace('"sid":7', '"sid": 7'),
    'no units': (text) => text.replace('"count":3', '"count":0'),
    'a fraction': (text) => text.replace('"count":3', '"count":3.0'),
    'an exponent': (text) => text.replace('"count":3', '"count":3e0'),
    'no number': (text) => text.replace('"sid":7', '"sid":true'),
    'number too large': (text) => text.replace('"sid":7', '"sid":9007199254740993'),
    escapes: (text) => text.replace('"chain":"5', '"chain":"\\u0035'),
    'upper-case key': (text) => text.replace(/"key":"(\w+)"/, (_, hex: string) => `"key":"${hex.toUpperCase()}"`),
    'upper-case hash': (text) =>
      text.replace(/"seedHash":"(\w+)"/, (_, hex: string) => `"seedHash":"${hex.toUpperCase()}"`),
    'no milliseconds': (text) => text.replace('01:00:00.000Z', '01:00:00Z'),
    'another zone': (text) => text.replace('01:00:00.000Z', '01:00:00.000+00:00'),
    'no such day': (text) => text.replace('2023-09-15T01', '2023-02-30T01'),
    'no such hour': (text) => text.replace('2023-09-15T01', '2023-09-14T24'),
    'closes as it opens': (text) => text.replace('T01:00', 'T10:00'),
    'closes before it opens': (text) => text.replace('2023-09-15T01', '2023-09-16T01'),
    'beacon false': (text) => text.replace(/"beacon":\{.*?\}/, '"beacon":false'),
  };
  for (const [name, rewriteRules] of Object.entries(rules)) {
    files[`rules, ${name}`] = makeSampleDraw({ rewriteRules }).text;
  }
}

/** The lines of other attempts are not signed by the statement. */
function addAttempts(change: ChangeFile, third: string): void {
  const fourth = makeSampleDraw({ attempt: 4, ended: [1, 2] }).text;
  change('attempt missing', /^void .*\n/m, '', third);
  change('attempt twice', /^(void .*\n)void .*\n/m, '$1$1', third);
  change('attempts in another sequence', /^(void .*\n)(void .*\n)/m, '$2$1', third);
  change('attempt of another stock', /^void \{"sid":7/m, 'void {"sid":8', third);
  change('attempt of another key', /^(void .*"key":")../m, '$100', third);
  change('attempt with a field', /^void \{/m, 'void {"note":1,', third);
  change('ended attempt missing', /^ended .*\n/m, '', fourth);
  change('ended attempt twice', /^(ended .*\n)/m, '$1$1', fourth);
  change('ended attempts in another sequence', /^(ended .*\n)(ended .*\n)/m, '$2$1', fourth);
  change('ended attempt after void', /^(ended .*\n)(void .*\n)/m, '$2$1', fourth);
  change('ended attempt of another stock', /^ended \{"sid":7/m, 'ended {"sid":8', fourth);
  change('ended attempt of another key', /^(ended .*"key":")../m, '$100', fourth);
  change('attempt too many', /^rules (.*)\n/m, 'rules $1\nvoid $1\n');
}
