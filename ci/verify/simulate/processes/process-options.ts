import type { InvariantChecks } from '../invariants/invariant-checks.ts';
import type { Sale } from '../plans/plan-sale.ts';
import type { Servers } from '../servers/servers.ts';
import type { World } from '../world/world.ts';

export type ProcessOptions = { world: World; servers: Servers; sale: Sale; checks: InvariantChecks; name: string };
