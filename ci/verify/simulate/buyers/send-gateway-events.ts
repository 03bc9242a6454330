import type { GatewayPlan } from '../plans/plan-gateway.ts';
import type { SimulatedConsumer } from '../processes/start-consumer.ts';
import type { World } from '../world/world.ts';
import { callProcess } from './call-process.ts';

export type GatewayEventsOptions = {
  world: World;
  plan: GatewayPlan;
  consumers(): SimulatedConsumer[];
  isOver(): boolean;
};

const AGAIN_MS = 700;
const TRIES = 5;

/** Sends the events of the gateway: late, so in any order, some twice and some never. What is not accepted is sent again. */
export function createGatewayEvents({ world, plan, consumers, isOver }: GatewayEventsOptions) {
  const { time, random } = world;

  async function deliver(paymentId: string, tries: number): Promise<void> {
    if (isOver()) return;
    const consumer = random.pick(consumers());
    const answer = await callProcess(world, consumer, ({ receiveEvent }) => receiveEvent(paymentId));
    if (!answer && tries < TRIES) time.after(AGAIN_MS, () => void deliver(paymentId, tries + 1));
  }

  return (paymentId: string): void => {
    const times = random.chance(plan.eventLost) ? 0 : 1 + Number(random.chance(plan.eventTwice));
    for (let i = 0; i < times; i += 1) {
      time.after(random.between(1, plan.eventLateMs), () => void deliver(paymentId, 0));
    }
  };
}
