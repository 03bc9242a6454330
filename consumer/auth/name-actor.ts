import type { FastifyRequest } from 'fastify';
import type { ActorInput } from '../../proto/gen/flashsale/v1/Actor.ts';
import { rolesOf } from './route-roles.ts';

/** The caller and the roles that allow this call, for the action log. Requires the hook `adminOnly`. */
export function nameActor(request: FastifyRequest): ActorInput {
  const { buyer, roles } = request.identity;
  const allowed = rolesOf(request.method, request.routeOptions.url ?? '');
  return { subject: buyer, roles: allowed.filter((role) => roles.includes(role)), requestId: request.id };
}
