import type { InvariantChecks } from '../invariants/invariant-checks.ts';
import type { Sale } from '../plans/plan-sale.ts';
import type { Processes } from '../processes/run-processes.ts';
import type { Servers } from '../servers/servers.ts';
import type { World } from '../world/world.ts';

/** What buyers, administrator, ladder caller and attacker act on. */
export type ActorOptions = {
  world: World;
  servers: Servers;
  sale: Sale;
  checks: InvariantChecks;
  processes: Processes;
};
