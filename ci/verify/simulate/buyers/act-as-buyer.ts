import type { DecidedOrder } from '../../../../db/orders/decide-batch.ts';
import { toDecidedOrder } from '../../../../db/orders/decided-message.ts';
import { mintOrderNumber, numberKindOf } from '../../../../proto/messages/order-number.ts';
import type { OrderRef } from '../invariants/asked-order.ts';
import type { InvariantChecks } from '../invariants/invariant-checks.ts';
import type { GatewayPlan } from '../plans/plan-gateway.ts';
import type { SimulatedConsumer } from '../processes/start-consumer.ts';
import type { Servers } from '../servers/servers.ts';
import type { World } from '../world/world.ts';
import { callProcess } from './call-process.ts';
import type { BuyerHabits } from './plan-habits.ts';

export type BuyerOptions = {
  world: World;
  checks: InvariantChecks;
  consumers(): SimulatedConsumer[];
  isOver(): boolean;
  /** Null: payments without sessions. */
  gateway: BuyersGateway | null;
};

type BuyersGateway = { plan: GatewayPlan; servers: Pick<Servers, 'gateway'> };

const ORDER_NO_KEY = 'used by the simulation only';
const POLL_MS = 1000;
/** A buyer does not ask again with this key. */
const FINAL = new Set<string>([
  'SOLD_OUT',
  'TOO_FEW_LEFT',
  'QUANTITY_ABOVE_MAX',
  'CLOSED',
  'ENTRY_REQUIRED',
  'NO_SUCH_STOCK',
]);

/** What a buyer does with an order that he has. */
type AfterHabits = Pick<BuyerHabits, 'name' | 'afterwards' | 'afterMs' | 'payingMs' | 'paymentTickMs'>;

/** One buyer, from the first request to the last answer. */
export async function actAsBuyer(options: BuyerOptions, habits: BuyerHabits): Promise<void> {
  const { world } = options;
  const { name: buyer, sid } = habits;
  for (let attempt = 0; attempt < habits.attempts && !options.isOver(); attempt += 1) {
    if (attempt > 0) {
      await rest(world, habits.client === 'bot' ? world.random.between(20, 300) : world.random.between(300, 1500));
    }
    const keys = habits.clicksTwice ? [`${attempt}-left`, `${attempt}-right`] : [`${attempt}`];
    const answers = await Promise.all(keys.map((key) => sendUntilAnswered(options, habits, key)));
    const confirmed = answers.find((answer) => answer?.decision === 'CONFIRMED');
    if (confirmed) return payOrCancel(options, habits, { orderNo: confirmed.orderNo, sid, buyer });
    if (answers.some((answer) => answer?.decision === 'DUPLICATE')) return;
  }
}

/** Sends requests until there is a final answer; null: a refusal that wrote nothing. */
async function sendUntilAnswered(
  options: BuyerOptions,
  habits: BuyerHabits,
  key: string,
): Promise<DecidedOrder | null> {
  const { world, checks } = options;
  const { client, maxPriceCents, details } = habits;
  const terms = { maxPriceCents, ...details };
  for (let tries = 0; ; tries += 1) {
    if (options.isOver()) return null;
    const consumer = world.random.pick(options.consumers());
    const order = mint(habits, client === 'keyless' ? `${key}-${tries}` : key);
    const askedMs = world.time.nowMs();
    world.trace.add(
      () => `${order.buyer}: ${order.orderNo.slice(-4)} requested from ${consumer.process.name}, ${tries} before`,
    );
    checks.requested(order, terms);
    const mayBeKnown = client === 'counts' ? tries > 0 : client !== 'keyless';
    const answer = await callProcess(world, consumer, ({ buy }) => buy(order, mayBeKnown, terms));
    if (answer) checks.answered(order, answer, askedMs);
    switch (answer?.kind) {
      case 'decided':
        return answer.decided;
      case 'refused':
        if (FINAL.has(answer.refused)) return null;
        await rest(world, world.random.between(200, 1000));
        break;
      case 'pending':
        return waitForDecision(options, habits, order, consumer);
      default:
        await rest(world, world.random.between(200, 1000));
    }
  }
}

function mint({ name: buyer, sid, maxPriceCents, details }: BuyerHabits, key: string): OrderRef {
  const kind = numberKindOf({ maxPriceCents, ...details });
  return { orderNo: mintOrderNumber(ORDER_NO_KEY, sid, buyer, key, kind), sid, buyer };
}

/** After a 202. */
async function waitForDecision(
  options: BuyerOptions,
  habits: BuyerHabits,
  order: OrderRef,
  consumer: SimulatedConsumer,
): Promise<DecidedOrder | null> {
  const { world, checks } = options;
  if (habits.waiting !== 'polls' && consumer.process.isAlive()) {
    if (habits.waiting === 'streams') checks.polled(order.orderNo);
    const decided = await waitForConsumer(consumer, order, habits.waiting);
    if (decided) {
      checks.decided(order, decided);
      return decided;
    }
  }
  while (!options.isOver()) {
    checks.polled(order.orderNo);
    const decided = await callProcess(world, world.random.pick(options.consumers()), ({ poll }) => poll(order));
    if (decided === 'gone') {
      checks.neverDecided(order);
      return null;
    }
    if (decided && decided !== 'pending') {
      checks.decided(order, decided);
      return decided;
    }
    await rest(world, POLL_MS);
  }
  return null;
}

/** The consumer that answered 202 sends the order again until it is decided. Null: that consumer ended, or it is never decided. */
function waitForConsumer(
  { orderClient, process }: SimulatedConsumer,
  { orderNo, sid, buyer }: OrderRef,
  waiting: BuyerHabits['waiting'],
): Promise<DecidedOrder | null> {
  return new Promise((resolve) => {
    let over = false;
    const end = (decided: DecidedOrder | null): void => {
      over = true;
      resolve(decided);
    };
    orderClient.onDecision((decided) => decided.orderNo === orderNo && end(decided));
    process.onKill(() => end(null));
    // The decision may have come between the answer and now.
    const check = async (): Promise<void> => {
      const found = await orderClient.getOrder(orderNo);
      if (found) end(toDecidedOrder(found));
      // As in consumer/events/order-watch.ts, the stream of a number that is never decided ends.
      else if (waiting === 'streams' && !(await orderClient.onPoll(orderNo, sid, buyer))) end(null);
    };
    const checkAgain = (): void => {
      void check()
        .catch(() => undefined)
        .then(() => !over && process.clock.setTimer(POLL_MS, checkAgain));
    };
    process.deliver(checkAgain);
  });
}

export async function payOrCancel(options: BuyerOptions, habits: AfterHabits, order: OrderRef): Promise<void> {
  const { world, checks } = options;
  if (habits.afterwards === 'forgets') return;
  await rest(world, habits.afterMs);
  const { orderNo, buyer } = order;
  const ask = <T>(work: (consumer: SimulatedConsumer) => Promise<T>) =>
    callProcess(world, world.random.pick(options.consumers()), work);
  for (let tries = 0; !options.isOver(); tries += 1) {
    if (tries > 0) await rest(world, 500);
    if (habits.afterwards === 'cancels') {
      if (await ask(({ providers }) => providers.cancelOrder({ orderNo, buyer }))) return;
      continue;
    }
    if (options.gateway) {
      if (await payOnPage({ ...options, gateway: options.gateway }, habits, orderNo)) return;
      continue;
    }
    await restUntilTick(world, habits.paymentTickMs);
    const started = await ask(({ paymentCalls }) => paymentCalls.startPayment({ orderNo, buyer }));
    if (!started) continue;
    if (started.outcome !== 'STARTED') return;
    const { paymentId, amountCents, currency } = started;
    await rest(world, habits.payingMs);
    await restUntilTick(world, habits.paymentTickMs);
    const event = { eventId: `paid-${paymentId}`, paymentId, orderNo, amountCents, currency };
    // The gateway sends its event until it is accepted.
    for (; !options.isOver(); await rest(world, 300)) {
      const recorded = await ask(({ paymentCalls }) => paymentCalls.recordPayment(event));
      if (recorded?.outcome === 'PAID') checks.paid(orderNo);
      if (recorded) return;
    }
  }
}

/** Pays on the page of the gateway, or leaves it. False: there is no page yet. */
async function payOnPage(
  { world, checks, consumers, gateway: { plan, servers } }: BuyerOptions & { gateway: BuyersGateway },
  { name: buyer, payingMs }: AfterHabits,
  orderNo: string,
): Promise<boolean> {
  const returnUrl = `https://shop.example/${world.random.whole(1, 3)}`;
  const opened = await callProcess(world, world.random.pick(consumers()), async ({ openPayment }) =>
    openPayment ? openPayment({ orderNo, buyer, returnUrl }) : null,
  );
  if (!opened || opened.outcome === 'NOT_OPENED') return false;
  if (opened.outcome !== 'OPEN') return true;
  const { paymentId } = opened;
  checks.sessions.sawPage(paymentId);
  if (world.time.nowMs() < plan.stormMs && world.random.chance(plan.leaves)) return true;
  await rest(world, payingMs);
  if (plan.processingMs > 0) {
    servers.gateway.process(paymentId);
    await rest(world, plan.processingMs);
  }
  const isPaid = servers.gateway.pay(paymentId);
  world.trace.add(() => `${buyer}: the payment of ${orderNo.slice(-4)} ${isPaid ? 'is paid' : 'has ended'}`);
  return true;
}

function restUntilTick(world: World, tickMs: number): Promise<void> {
  return rest(world, tickMs - (world.time.nowMs() % tickMs));
}

function rest(world: World, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    world.time.after(delayMs, resolve);
  });
}
