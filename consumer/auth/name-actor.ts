import type { FastifyRequest } from 'fastify';
import type { ActorInput } from '../../proto/gen/flashsale/v1/Actor.ts';
import { rolesOf } from './route-roles.ts';

/** Who makes this call, with the roles that allow it, for the log of actions. Only behind `adminOnly`. */
export function nameActor(request: FastifyRequest): ActorInput {
  const { buyer, roles } = request.identity;
  const allowed = rolesOf(request.method, request.routeOptions.url ?? '');
  return { subject: buyer, roles: allowed.filter((role) => roles.includes(role)), requestId: request.id };
}
