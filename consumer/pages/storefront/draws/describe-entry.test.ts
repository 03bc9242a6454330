import t from 'tap';
import type { Stock } from '../../stock.ts';
import type { Order } from '../orders/order.ts';
import { describeEntry, type EntrySight, phaseOf } from './describe-entry.ts';
import { drawTexts } from './draw-texts.ts';
import type { Draw, Entry } from './draw-types.ts';

const at = (minute: number) => new Date(Date.UTC(2030, 0, 1, 12, minute)).toISOString();

const STOCK = {
  sid: '7',
  mode: 'draw',
  line: null,
  state: 'upcoming',
  paused: false,
  left: 5,
  count: 5,
  entriesOpenAt: at(10),
  entriesCloseAt: at(20),
  opensAt: at(40),
  closesAt: at(60),
} as Stock;
const ENTRY: Entry = {
  sid: '7',
  state: 'waiting',
  enteredAt: at(11),
  place: null,
  ahead: null,
  knownAt: at(35),
  orderNo: null,
  ticket: null,
};
const DRAW = { sid: '7', attempt: 1, state: 'taking', voidAttempts: [] } as unknown as Draw;

type Given = { minute: number; stock?: Partial<Stock>; entry?: Partial<Entry>; draw?: Draw['state']; ended?: Order };

function sightOf({ minute, stock, entry, draw = 'taking', ended }: Given): EntrySight {
  return {
    stock: { ...STOCK, ...stock },
    mine: entry ? { kind: 'in', entry: { ...ENTRY, ...entry }, leaveFailed: false } : { kind: 'none' },
    draw: { ...DRAW, state: draw },
    ended: ended ?? null,
    now: () => Date.parse(at(minute)),
  };
}

/** The text of the button, of the note, and what a click does. */
function said(given: Given): string {
  const { button, note, canLeave } = describeEntry(sightOf(given));
  return [button.text, note.text, button.act, canLeave ? 'may leave' : ''].join(' ').trim();
}

t.test('without an entry, the card offers to enter exactly while entries are taken', async (t) => {
  t.equal(said({ minute: 5 }), 'opensIn noteBefore none');
  t.equal(said({ minute: 10 }), 'enterDraw noteTaking enter');
  t.equal(said({ minute: 20 }), 'entriesClosed noteDrawingOut none');
  t.equal(said({ minute: 25, draw: 'stated' }), 'entriesClosed noteDrawingOut none');
  t.equal(said({ minute: 45, draw: 'drawn' }), 'entriesClosed noteDrawnOut none');
  t.equal(said({ minute: 60, draw: 'drawn' }), 'drawOver noteOver none');
});

t.test('a line takes late joiners after its draw, and a rush that is sold out from then on', async (t) => {
  const line = { mode: 'line' } as const;
  t.equal(said({ minute: 25, stock: line, draw: 'closed' }), 'entriesClosed noteLineSoon none');
  t.equal(said({ minute: 45, stock: line, draw: 'drawn' }), 'joinLine noteJoin enter');
  t.equal(said({ minute: 60, stock: line, draw: 'drawn' }), 'lineOver noteOver none');
  const rush = { mode: 'rush', state: 'sold_out', left: 0, opensAt: at(1), entriesOpenAt: null } as const;
  const sight = sightOf({ minute: 5, stock: { ...rush, entriesCloseAt: null } });
  t.equal(describeEntry({ ...sight, draw: null }).button.text, 'joinLine', 'the first one starts the draw');
  t.equal(said({ minute: 5, stock: rush }), 'joinLine noteJoinUntil enter');
  t.equal(said({ minute: 25, stock: rush, draw: 'drawn' }), 'joinLine noteJoinRush enter');
});

t.test('an entry is shown from entering to the end of the sale', async (t) => {
  const entry = {};
  const placed = { place: 37, ahead: 12 };
  t.equal(said({ minute: 15, entry }), 'youAreIn noteIn none may leave');
  t.equal(said({ minute: 20, entry, draw: 'closed' }), 'youAreIn noteCounting none may leave');
  t.equal(said({ minute: 25, entry, draw: 'stated' }), 'drawIn noteStated none may leave');
  t.equal(said({ minute: 36, entry, draw: 'stated' }), 'drawNow noteStated none may leave');
  t.equal(said({ minute: 37, entry, draw: 'drawn' }), 'youAreIn notePlaceSoon none may leave');
  t.equal(said({ minute: 38, entry: placed, draw: 'drawn' }), 'yourPlace noteBeforeSale none may leave');
  const open = { state: 'open' } as const;
  t.equal(said({ minute: 45, stock: open, entry: placed, draw: 'drawn' }), 'yourPlace noteWaiting none may leave');
  t.equal(said({ minute: 60, stock: open, entry: placed, draw: 'drawn' }), 'drawOver noteMissed none');
});

t.test('who left may enter again only before entries close', async (t) => {
  const entry = { state: 'left' } as const;
  t.equal(said({ minute: 15, entry }), 'enterDraw noteLeft enter');
  t.equal(said({ minute: 45, entry, draw: 'drawn' }), 'youLeft noteLeftFinal none');
});

t.test('a turn is once: after its offer no entry can buy', async (t) => {
  const entry = { state: 'offered', place: 3, ahead: 0, orderNo: '7-X' } as const;
  const of = (state: Order['state'], more: Partial<Order> = {}) =>
    said({ minute: 50, entry, draw: 'drawn', ended: { orderNo: '7-X', sid: '7', state, ...more } });
  t.equal(said({ minute: 50, entry, draw: 'drawn' }), 'yourTurn noteYourTurn none', 'its order is not read yet');
  t.equal(of('expired'), 'turnOver noteExpired none');
  t.equal(of('cancelled'), 'turnOver noteCancelled none');
  t.equal(of('refunded'), 'turnOver noteRefunded none');
});

t.test('a refused click says why, and never that the buyer is in', async (t) => {
  const refused = (why: 'not_open' | 'entries_closed' | 'signed_out' | 'forbidden' | 'no_draw' | 'given_up') => {
    const { button, note } = describeEntry({ ...sightOf({ minute: 15 }), mine: { kind: 'refused', why } });
    return `${button.text} ${note.text} ${button.act}`;
  };
  t.equal(refused('entries_closed'), 'enterDraw noteTooLate enter');
  t.equal(refused('no_draw'), 'drawOver noteNoDraw none');
  t.equal(refused('given_up'), 'tryAgain noteGivenUp enter');
});

t.test('the phase is the same for all buyers', async (t) => {
  t.equal(phaseOf(sightOf({ minute: 9 })), 'before');
  t.equal(phaseOf({ ...sightOf({ minute: 15 }), draw: null }), 'taking', 'by the clock, before the draw is read');
});

t.test('both languages have the same placeholders', async (t) => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [name, text] of Object.entries(drawTexts)) t.same(names(text.en), names(text['zh-CN']), name);
});
