import { edit, editSql, type Mutant, remove, tested } from './mutant.ts';

const TAKE = 'db/draws/take-entries.test.ts';
const WORK = 'order-worker/draws/work-on-draw.test.ts';

/** Rules of entries and draws. */
export const drawMutants: Mutant[] = [
  tested(
    'entries-without-the-lock',
    'closing waits for entries in the middle of their transaction: they lock the row of the draw',
    TAKE,
    edit('lockDraw', "lock === 'share' ? 'LOCK IN SHARE MODE' : 'FOR UPDATE'", "lock === 'share' ? '' : 'FOR UPDATE'"),
  ),
  tested(
    'closed-by-another-row',
    'closing changes the row that entries have locked, and does not only believe the clock',
    TAKE,
    edit('judge', "held.state !== 'taking' || held.isDue", 'held.isDue'),
  ),
  tested(
    'places-without-the-lock',
    'places behind a draw are given to one transaction after another',
    TAKE,
    edit(
      'lockDraw',
      "lock === 'share' ? 'LOCK IN SHARE MODE' : 'FOR UPDATE'",
      "lock === 'share' ? 'LOCK IN SHARE MODE' : ''",
    ),
  ),
  tested(
    'place-of-two-entries',
    'the database refuses a place that another entry of the draw has',
    TAKE,
    editSql('UNIQUE_PLACES', 'ADD UNIQUE INDEX', 'ADD INDEX'),
  ),
  tested(
    'frozen-worker-keeps-its-locks',
    'a worker that freezes in a transaction, also of a draw, loses its locks after 3 s',
    'order-worker/servers/connect-databases.test.ts',
    edit('connectDatabases', 'connectMysql($1)', 'connectMysql({ ...$1, idleSeconds: 0 })'),
  ),
  tested(
    'late-entry-in-its-window',
    'an entry after the time of closing is refused, also when no worker has closed the draw',
    TAKE,
    edit('judge', "held.state !== 'taking' || held.isDue", "held.state !== 'taking'"),
  ),
  tested(
    'line-closed-before-its-draw',
    'who comes to a line between its closing and its draw is told to come again',
    TAKE,
    edit('judge', "draw.mode === 'draw' || draw.isSaleClosed", 'true'),
  ),
  tested(
    'left-entry-is-a-leaf',
    'an entry that leaves before closing is in no draw',
    TAKE,
    editSql('endEntry', 'attempt = IF(?, 0, attempt)', 'attempt = IF(?, attempt, attempt)'),
  ),
  tested(
    'erased-without-leaving',
    'an erased entry has neither buyer nor salt',
    TAKE,
    editSql('eraseEntry', 'SET buyer = NULL, salt = NULL', 'SET buyer = NULL'),
  ),
  tested(
    'statement-after-its-time',
    'a statement is stored at least 10 minutes before the round of the beacon, or never',
    WORK,
    remove('stateDraw', "if (stateBefore && (await database.session($1))) return 'LATE';"),
    editSql('stateDraw', '(? IS NULL OR NOW(3) <= ?)', '(? IS NULL OR NOW(3) <> ?)'),
  ),
  tested(
    'statement-after-its-time-by-the-worker',
    'a statement is stored at least 10 minutes before the round of the beacon by the clock of the worker too',
    WORK,
    edit('stateDraw', 'stateBefore !== null && wallClock() > stateBefore.getTime()', 'false'),
  ),
  tested(
    'renewal-without-a-claim',
    'a worker that lost its claim gives no entry another id',
    WORK,
    remove('renewPage', 'if (held.length === 0) throw new ClaimLostError($1);'),
  ),
  tested(
    'places-of-another-sequence',
    'the places are those of the protocol',
    WORK,
    edit('givePlaces', 'placesOf(sequence)', 'sequence.map((_, index) => index + 1)'),
  ),
  tested(
    'claim-of-another-worker',
    'one worker at a time has a draw',
    WORK,
    edit('claimDraw', "'(claimed_until IS NULL OR claimed_until <= NOW(3))'", "'TRUE'"),
  ),
  tested(
    'lost-claim-ends-a-state',
    'a worker that lost its claim states no draw',
    WORK,
    editSql('stateDraw', 'AND claimed_until = ?', 'AND claimed_until IS NOT NULL AND ? IS NOT NULL'),
  ),
  tested(
    'void-attempt-loses-entries',
    'the next attempt has the entries of a void one',
    WORK,
    remove('stateDraw', 'await renewEntryIds(database, claim, draw, page);'),
  ),
  tested(
    'drawn-before-the-round',
    'a draw with a beacon is drawn after its round',
    WORK,
    edit('workOnDraw', 'draw.readAtMs < roundTimeMs(beacon, draw.beaconRound)', 'false'),
  ),
  tested(
    'another-key-than-published',
    'a statement is signed with the key that the rules name',
    WORK,
    remove('workOnDraw', 'checkKey(draw, drawKey);'),
  ),
  tested(
    'any-signature-is-a-beacon',
    'the answer of a beacon is used only if it is the signature of the round',
    'order-worker/draws/fetch-beacon.test.ts',
    edit('fetchBeacon', 'signature && beacon.readSignature(round, signature)', 'signature'),
  ),
  tested(
    'offered-entry-is-erased',
    'an entry with an offer keeps its buyer after the sale',
    'db/draws/erase-old-entries.test.ts',
    editSql('eraseOldEntries', "AND buyer IS NOT NULL AND state <> 'offered'", 'AND buyer IS NOT NULL'),
  ),
];
