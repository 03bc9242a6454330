// What verifyDraw says, in the languages of the pages. Ids, digests and lines are given as texts and numbers.

export const englishTexts = {
  rules: (sid: number, attempt: number, count: number, opens: string, closes: string) =>
    `stock ${sid}, attempt ${attempt}, ${count} units, entries ${opens} to ${closes}`,
  published: (drawId: string, key: string) =>
    `draw ${drawId}, signed by ${key}: compare both with what the shop published before entries opened`,
  closesFirst: 'entries close before they open',
  firstAttempt: 'the first one: none is before it',
  attempt: (attempt: number, closed: string) => `attempt ${attempt} (closed ${closed})`,
  attemptsMissing: (attempt: number, listed: string) =>
    `attempt ${attempt} must list the rules of each attempt before it, and lists: ${listed || 'none'}`,
  voidAttempts: (attempts: string) => `void: ${attempts}. Ask the shop why no statement came in time`,
  endedAttempts: (attempts: string) =>
    `lines before that have ended: ${attempts}. Each has a statement of its own; if the shop published none, the attempt was void`,
  seed: 'the one of the rules',
  seedChanged: 'not the one that the rules name by its hash: it was changed',
  statement: (count: number, root: string) => `signed by the shop: ${count} entries, root ${root}`,
  statementChanged:
    'the signature is not that of the shop for these rules, entries, root and seed: one of them was changed',
  entries: (count: number) => `${count} ids, ascending, with the stated root`,
  id: (line: number, id: string) => `the id of line ${line} (${id})`,
  twice: (id: string) => `${id} is there twice`,
  moved: (id: string, before: string) => `${id} was moved: it belongs after ${before}`,
  movedFirst: (id: string) => `${id} was moved: it belongs before all others`,
  added: (id: string) => `${id} was added`,
  changed: (id: string) => `${id} is out of sequence: it was changed`,
  outOfSequence: (id: string) => `${id} is out of sequence`,
  counts: (count: number, stated: number) => `the file has ${count} ids, and the shop stated ${stated}`,
  missing: (missing: number, stated: number) => `${missing} of the ${stated} stated ids are missing`,
  addedSome: (added: number, stated: number) => `${added} ids were added to the ${stated} stated ones`,
  someChanged:
    'as many ids as stated, and in sequence, but at least one was changed; another copy of the file tells which',
  notSeen: (id: string) => `${id} is not in the copy that you saw`,
  missingBefore: (id: string, line: number) => `${id} of the copy that you saw is missing before line ${line}`,
  more: (count: number) => `and ${count} more`,
  leftUnsorted: (line: number) => `line ${line}: the ids that left are not ascending`,
  leftUnknown: (line: number, id: string) => `line ${line}: ${id} is no entry`,
  left: (left: number, count: number) => `${left} of ${count}; their places are passed over`,
  beaconUnnamed: 'the rules name no beacon, and the file has one',
  noBeacon: 'none: the shop could have chosen the outcome',
  otherChain: (chain: string) => `${chain} is not drand quicknet: a test chain, or one that the shop could control`,
  roundEarly: (round: number, time: string) =>
    `round ${round} of ${time} is too early: less than 10 minutes after entries closed`,
  beaconMissing: (round: number) => `the rules name round ${round}, and the file has no beacon`,
  pending: (round: number, time: string) => `not drawn yet: round ${round} is due at ${time}`,
  otherRound: (named: number, found: number) => `the rules name round ${named}, and the file has round ${found}`,
  beaconForged: (round: number) => `the signature of round ${round} is not that of drand quicknet`,
  beacon: (round: number, time: string, randomness: string) =>
    `drand quicknet, round ${round} of ${time}, randomness ${randomness}`,
  seenOther: (drawId: string) => `what you saw is of another draw: ${drawId}`,
  seenUnsigned: 'what you saw is not signed by the shop: it proves nothing',
  seenDiffers: (names: string) =>
    `the shop signed two statements for one draw, which differ in: ${names}. Keep both as proof`,
  seen: 'the statement that you saw before',
  ticketVoid: (attempt: number) =>
    `the ticket is of attempt ${attempt}, which is void: ask the shop for the one of this attempt`,
  ticketEnded: (attempt: number) =>
    `the ticket is of attempt ${attempt}, whose line has ended: this file is of a later line`,
  ticketOther: (drawId: string) => `the ticket is of another draw: ${drawId}`,
  ticketUnsigned: 'the ticket is not signed by the shop',
  ticketBuyer: 'the ticket is not of this buyer and salt',
  ticketMissing: (id: string) =>
    `your entry ${id} is not in the file, and the shop signed that it was made. If you joined a line after its draw, your place is behind those of the file. If you entered before entries closed, and did not leave, it was removed: keep the ticket as proof`,
  ticketLeft: (id: string) => `your entry ${id} is listed as left: its place is passed over`,
  ticketLine: (line: number) => `your entry is in line ${line}; its place cannot be computed`,
  ticket: (line: number, place: number, count: number) =>
    `your entry is in line ${line}, at place ${place} of ${count}`,
  notComputed: 'not computed: a check before failed',
  nobody: 'none: nobody entered',
  places: (count: number, first: string) => `${count}; the first one is ${first}`,
};

export type DrawCheckTexts = typeof englishTexts;
