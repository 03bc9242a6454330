import type { DrawCheckTexts } from './english-texts.ts';

export const germanTexts: DrawCheckTexts = {
  rules: (sid, attempt, count, opens, closes) =>
    `Artikel ${sid}, Versuch ${attempt}, ${count} Stück, Teilnahme von ${opens} bis ${closes}`,
  published: (drawId, key) =>
    `Verlosung ${drawId}, unterschrieben mit ${key}: Vergleichen Sie beides mit dem, was der Shop vor der Teilnahme veröffentlicht hat`,
  closesFirst: 'die Teilnahme endet, bevor sie beginnt',
  firstAttempt: 'der erste: keiner ist davor',
  attempt: (attempt, closed) => `Versuch ${attempt} (geschlossen ${closed})`,
  attemptsMissing: (attempt, listed) =>
    `Versuch ${attempt} muss die Regeln aller Versuche davor nennen und nennt: ${listed || 'keinen'}`,
  voidAttempts: (attempts) => `ungültig: ${attempts}. Fragen Sie den Shop, warum keine Erklärung rechtzeitig kam`,
  endedAttempts: (attempts) =>
    `beendete Warteschlangen davor: ${attempts}. Jede hat eine eigene Erklärung; hat der Shop keine veröffentlicht, war der Versuch ungültig`,
  seed: 'der aus den Regeln',
  seedChanged: 'nicht der, dessen Hash in den Regeln steht: Er wurde geändert',
  statement: (count, root) => `vom Shop unterschrieben: ${count} Teilnahmen, Wurzel ${root}`,
  statementChanged:
    'Die Unterschrift ist nicht die des Shops zu diesen Regeln, Teilnahmen, dieser Wurzel und diesem Startwert: Etwas davon wurde geändert',
  entries: (count) => `${count} Kennungen, aufsteigend, mit der erklärten Wurzel`,
  id: (line, id) => `die Kennung in Zeile ${line} (${id})`,
  twice: (id) => `${id} steht zweimal da`,
  moved: (id, before) => `${id} wurde verschoben: Sie gehört hinter ${before}`,
  movedFirst: (id) => `${id} wurde verschoben: Sie gehört vor alle anderen`,
  added: (id) => `${id} wurde hinzugefügt`,
  changed: (id) => `${id} steht nicht in der Reihe: Sie wurde geändert`,
  outOfSequence: (id) => `${id} steht nicht in der Reihe`,
  counts: (count, stated) => `die Datei hat ${count} Kennungen, und der Shop erklärte ${stated}`,
  missing: (missing, stated) => `${missing} der ${stated} erklärten Kennungen fehlen`,
  addedSome: (added, stated) => `${added} Kennungen wurden zu den ${stated} erklärten hinzugefügt`,
  someChanged:
    'so viele Kennungen wie erklärt, und aufsteigend, aber mindestens eine wurde geändert; eine andere Kopie der Datei sagt, welche',
  notSeen: (id) => `${id} ist nicht in der Kopie, die Sie gesehen haben`,
  missingBefore: (id, line) => `${id} aus der Kopie, die Sie gesehen haben, fehlt vor Zeile ${line}`,
  more: (count) => `und ${count} weitere`,
  leftUnsorted: (line) => `Zeile ${line}: die Kennungen der Ausgetretenen sind nicht aufsteigend`,
  leftUnknown: (line, id) => `Zeile ${line}: ${id} ist keine Teilnahme`,
  left: (left, count) => `${left} von ${count}; ihre Plätze werden übergangen`,
  beaconUnnamed: 'die Regeln nennen keine Zufallsquelle, und die Datei hat eine',
  noBeacon: 'keine: Der Shop hätte das Ergebnis wählen können',
  otherChain: (chain) => `${chain} ist nicht drand quicknet: eine Testkette oder eine, die der Shop beherrschen könnte`,
  roundEarly: (round, time) =>
    `Runde ${round} von ${time} ist zu früh: weniger als 10 Minuten nach dem Ende der Teilnahme`,
  beaconMissing: (round) => `die Regeln nennen Runde ${round}, und die Datei hat keine Zufallsquelle`,
  pending: (round, time) => `noch nicht gezogen: Runde ${round} kommt um ${time}`,
  otherRound: (named, found) => `die Regeln nennen Runde ${named}, und die Datei hat Runde ${found}`,
  beaconForged: (round) => `die Unterschrift von Runde ${round} ist nicht die von drand quicknet`,
  beacon: (round, time, randomness) => `drand quicknet, Runde ${round} von ${time}, Zufall ${randomness}`,
  seenOther: (drawId) => `was Sie gesehen haben, gehört zu einer anderen Verlosung: ${drawId}`,
  seenUnsigned: 'was Sie gesehen haben, ist nicht vom Shop unterschrieben: Es beweist nichts',
  seenDiffers: (names) =>
    `der Shop hat für eine Verlosung zwei Erklärungen unterschrieben, verschieden in: ${names}. Bewahren Sie beide als Beweis auf`,
  seen: 'die Erklärung, die Sie vorher gesehen haben',
  ticketVoid: (attempt) =>
    `der Beleg ist von Versuch ${attempt}, der ungültig ist: Fragen Sie den Shop nach dem Beleg dieses Versuchs`,
  ticketEnded: (attempt) =>
    `der Beleg ist von Versuch ${attempt}, dessen Warteschlange beendet ist: Diese Datei gehört zu einer späteren`,
  ticketOther: (drawId) => `der Beleg gehört zu einer anderen Verlosung: ${drawId}`,
  ticketUnsigned: 'der Beleg ist nicht vom Shop unterschrieben',
  ticketBuyer: 'der Beleg passt nicht zu diesem Käufer und Salz',
  ticketMissing: (id) =>
    `Ihre Teilnahme ${id} ist nicht in der Datei, und der Shop hat sie unterschrieben. Wenn Sie sich nach der Ziehung angestellt haben, liegt Ihr Platz hinter denen der Datei. Wenn Sie vor dem Ende der Teilnahme dabei waren und nicht ausgetreten sind, wurde sie entfernt: Bewahren Sie den Beleg als Beweis auf`,
  ticketLeft: (id) => `Ihre Teilnahme ${id} steht bei den Ausgetretenen: Ihr Platz wird übergangen`,
  ticketLine: (line) => `Ihre Teilnahme steht in Zeile ${line}; ihr Platz lässt sich nicht berechnen`,
  ticket: (line, place, count) => `Ihre Teilnahme steht in Zeile ${line}, auf Platz ${place} von ${count}`,
  notComputed: 'nicht berechnet: Eine Prüfung davor schlug fehl',
  nobody: 'keine: Niemand hat teilgenommen',
  places: (count, first) => `${count}; den ersten hat ${first}`,
};
