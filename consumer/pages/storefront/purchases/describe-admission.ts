import type { Admission } from '../admission/admissions.ts';
import type { TextName } from '../parts/texts.ts';
import type { Purchase } from './describe-purchase.ts';

/** The note about the buyer's place at the start, instead of `note`; null: it has nothing to say. */
export function describeAdmission(admission: Admission, purchase: Purchase, note: TextName): TextName | null {
  const isNotAdmitted = purchase.kind === 'refused' && purchase.why === 'not_admitted';
  if (purchase.kind !== 'none' && !isNotAdmitted) return null;
  if (admission === 'preparing') return isNotAdmitted ? note : 'notePreparing';
  if (admission === 'failed') return 'noteNotPrepared';
  return admission === 'ready' && note === 'noteUpcoming' ? 'noteReady' : null;
}
