import {
  type ActionName,
  type Actor,
  insertAction,
  type RecordChange,
  recordNothing,
} from '../../db/stocks/admin-action-table.ts';
import type { Actor as ActorMessage } from '../../proto/gen/flashsale/v1/Actor.ts';
import { isBuyer } from '../../proto/messages/order-record.ts';
import { InvalidFieldError } from './describe-fault.ts';

const ROLE = /^[a-z]{1,20}$/;
const MAX_ROLES = 4;
const REQUEST_ID = /^[!-~]{1,64}$/;

/**
 * Returns the function that records a change in the log of actions. `fields`: the request, with few and short values. Records nothing without
 * an actor, which consumers of an earlier release do not send. Throws InvalidFieldError.
 */
export function recordChange(message: ActorMessage | null, action: ActionName, fields: object = {}): RecordChange {
  if (!message) return recordNothing;
  const actor = checkActor(message);
  const detail = JSON.stringify(withReadableTimes(fields));
  return (session, target) => insertAction(session, { actor, action, target, detail });
}

export function checkActor({ subject, roles, requestId }: ActorMessage): Actor {
  if (!isBuyer(subject)) throw new InvalidFieldError('actor.subject', 'must be 1 to 255 visible ASCII characters');
  if (roles.length === 0 || roles.length > MAX_ROLES || !roles.every((role) => ROLE.test(role))) {
    throw new InvalidFieldError('actor.roles', `must be 1 to ${MAX_ROLES} names of roles`);
  }
  if (!REQUEST_ID.test(requestId)) {
    throw new InvalidFieldError('actor.request_id', 'must be 1 to 64 visible ASCII characters');
  }
  return { subject, roles, requestId };
}

/** Converts times to names and values of the API: `opensAtMs` becomes `opensAt`. */
function withReadableTimes(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) =>
      name.endsWith('AtMs')
        ? [name.slice(0, -'Ms'.length), value === null ? null : new Date(value as number).toISOString()]
        : [name, value],
    ),
  );
}
