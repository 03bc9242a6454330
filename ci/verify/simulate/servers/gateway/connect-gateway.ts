import type { PaymentGateway } from '../../../../../proto/payments/payment-gateway.ts';
import type { GatewayPlan } from '../../plans/plan-gateway.ts';
import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import type { SimulatedGateway } from './simulated-gateway.ts';

export type GatewayAccess = { gateway: SimulatedGateway; plan: GatewayPlan };

/** The gateway as a process calls it: calls and answers are lost or late, and the gateway may be away. */
export function connectGateway(world: World, process: SimulatedProcess, access: GatewayAccess): PaymentGateway {
  const { gateway, plan } = access;
  const { time, random } = world;
  const isStorm = () => time.nowMs() < plan.stormMs;
  const travelMs = () => world.latencyMs() + (isStorm() && random.chance(plan.slow) ? random.between(50, 7000) : 0);
  const isAway = () => plan.away !== null && time.nowMs() >= plan.away.fromMs && time.nowMs() < plan.away.toMs;

  const call = <Request, Answer>(work: (request: Request) => Promise<Answer>) => {
    return (request: Request): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const later = (act: () => void) => time.after(travelMs(), () => process.deliver(act));
        const fail = (error: unknown) => later(() => reject(error));
        time.after(travelMs(), () => {
          const isLost = isStorm() && random.chance(plan.callLost);
          // Some callers learn nothing and wait for their deadline.
          if (isAway() || isLost) return random.chance(0.5) ? fail(new Error('the gateway is away')) : undefined;
          work(request).then((answer) => {
            if (isStorm() && random.chance(plan.answerLost)) return fail(new Error('the answer is lost'));
            return later(() => resolve(answer));
          }, fail);
          return undefined;
        });
      });
  };

  const { name, sessionSeconds, openSession, readPayment, endSession, refund } = gateway.api;
  return {
    name,
    sessionSeconds,
    openSession: call(openSession),
    readPayment: readPayment && call(readPayment),
    endSession: endSession && call(endSession),
    refund: call(refund),
  };
}
