import type { Fields } from '../servers/database/evaluate-expression.ts';
import type { SimulatedDatabase } from '../servers/database/simulated-database.ts';
import type { Change } from '../servers/database/transactions.ts';
import { eventsOfChange, eventsOfDrawChange } from './events-of-change.ts';

export type EventCheckOptions = { database: SimulatedDatabase; fail(invariant: string, detail: string): void };

/** Compares the event topic with the rows. */
export type EventChecks = {
  /** What a COMMIT changed. */
  committed(changes: Change[]): void;
  /** A record of the event topic, at the moment of its append. */
  published(value: Buffer): void;
  /** Events that are not on the topic yet. */
  missing(): ReadonlySet<string>;
};

export function createEventChecks({ database, fail }: EventCheckOptions): EventChecks {
  const due = new Set<string>();
  const seen = new Set<string>();
  return {
    committed(changes) {
      for (const { table, before, after } of changes) {
        if (table === 'draw' && after) {
          for (const type of eventsOfDrawChange(before, after)) due.add(`${after.sid}/${after.attempt}:${type}`);
        }
        if (table !== 'stock_order' || !after) continue;
        for (const type of eventsOfChange(before, after)) due.add(`${after.order_no}:${type}`);
      }
    },
    published(value) {
      const { id, type, subject, data } = JSON.parse(String(value)) as PublishedEvent;
      if (subject.includes('/')) {
        const draw = database.rowOf('draw', subject.replace('/', ' '));
        if (!draw || (id.endsWith(':line_ended') && draw.ended_at === null)) fail('an event is true', id);
        seen.add(id);
        due.delete(id);
        return;
      }
      const row = database.rowOf('stock_order', subject);
      if (!isTrue(row, type, data)) fail('an event is true', `${id}: the order is ${row?.state}`);
      const confirmed = `${subject}:confirmed`;
      if (id !== confirmed && !seen.has(confirmed)) fail('confirmed is the first event of an order', id);
      seen.add(id);
      due.delete(id);
    },
    missing: () => due,
  };
}

type PublishedEvent = { id: string; type: string; subject: string; data: EventData };
type EventData = { sid: string; buyer: string; quantity: number; reference: string | null };

function isTrue(row: Fields | null, type: string, { sid, buyer, quantity, reference }: EventData): boolean {
  if (!row || String(row.sid) !== sid || row.buyer !== buyer) return false;
  if (row.quantity !== quantity || row.reference !== reference) return false;
  switch (type) {
    case 'order.confirmed':
      return eventsOfChange(null, row).length > 0;
    case 'order.paid':
      return row.paid_at !== null;
    case 'offer.made':
      return row.decided_by === 'offer';
    case 'offer.expired':
      return row.decided_by === 'offer' && row.state === 'expired';
    default:
      return type === `order.${row.state}`;
  }
}
