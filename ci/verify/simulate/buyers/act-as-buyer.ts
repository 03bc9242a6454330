import { toDecidedOrder } from '../../../../consumer/orders/to-decided-order.ts';
import type { DecidedOrder } from '../../../../db/orders/decide-batch.ts';
import { mintOrderNumber } from '../../../../proto/messages/order-number.ts';
import type { OrderRef } from '../invariants/asked-order.ts';
import type { InvariantChecks } from '../invariants/invariant-checks.ts';
import type { SimulatedConsumer } from '../processes/start-consumer.ts';
import type { World } from '../world/world.ts';
import { callConsumer } from './call-consumer.ts';
import type { BuyerHabits } from './plan-habits.ts';

export type BuyerWorld = { world: World; checks: InvariantChecks; consumers(): SimulatedConsumer[]; isOver(): boolean };

const ORDER_NO_KEY = 'of the simulation, for nobody else';
const POLL_MS = 1000;

/** One buyer, from the first click to the last answer. Resolves when there is nothing more to ask. */
export async function actAsBuyer(parts: BuyerWorld, habits: BuyerHabits): Promise<void> {
  const { world } = parts;
  const { name: buyer, sid } = habits;
  for (let attempt = 0; attempt < habits.attempts && !parts.isOver(); attempt += 1) {
    if (attempt > 0)
      await rest(world, habits.client === 'bot' ? world.random.between(20, 300) : world.random.between(300, 1500));
    const keys = habits.clicksTwice ? [`${attempt}-left`, `${attempt}-right`] : [`${attempt}`];
    const answers = await Promise.all(keys.map((key) => buy(parts, habits, key)));
    const mine = answers.find((answer) => answer?.decision === 'CONFIRMED');
    if (mine) return afterwards(parts, habits, { orderNo: mine.orderNo, sid, buyer });
    if (answers.some((answer) => answer?.decision === 'DUPLICATE')) return;
  }
}

/** Asks until there is an answer: null when it is that nothing was written. */
async function buy(parts: BuyerWorld, habits: BuyerHabits, key: string): Promise<DecidedOrder | null> {
  const { world, checks } = parts;
  const { client, maxPriceCents } = habits;
  for (let tries = 0; ; tries += 1) {
    if (parts.isOver()) return null;
    const consumer = world.random.pick(parts.consumers());
    const order = mint(habits, client === 'keyless' ? `${key}-${tries}` : key);
    const askedMs = world.time.nowMs();
    world.trace.add(() => `${order.buyer}: ${order.orderNo.slice(-4)} asks ${consumer.process.name}, ${tries} before`);
    checks.asks(order, maxPriceCents);
    const mayBeKnown = client === 'counts' ? tries > 0 : client !== 'keyless';
    const bought = await callConsumer(world, consumer, (one) => one.buy(order, mayBeKnown, maxPriceCents));
    if (bought) checks.answered(order, bought, askedMs);
    switch (bought?.kind) {
      case 'decided':
        return bought.decided;
      case 'refused':
        if (['SOLD_OUT', 'CLOSED', 'NO_SUCH_STOCK'].includes(bought.refused)) return null;
        await rest(world, world.random.between(200, 1000));
        break;
      case 'pending':
        return waitForDecision(parts, habits, order, consumer);
      default:
        await rest(world, world.random.between(200, 1000));
    }
  }
}

function mint({ name: buyer, sid, maxPriceCents }: BuyerHabits, key: string): OrderRef {
  return { orderNo: mintOrderNumber(ORDER_NO_KEY, sid, buyer, key, maxPriceCents !== null), sid, buyer };
}

/** Delivery 202: an answer was promised. */
async function waitForDecision(
  parts: BuyerWorld,
  habits: BuyerHabits,
  order: OrderRef,
  consumer: SimulatedConsumer,
): Promise<DecidedOrder | null> {
  const { world, checks } = parts;
  if (habits.waits !== 'asking' && consumer.process.isAlive()) {
    if (habits.waits === 'on a stream') checks.polls(order.orderNo);
    const heard = await listen(consumer, order, habits.waits);
    if (heard) {
      checks.decided(order, heard);
      return heard;
    }
  }
  while (!parts.isOver()) {
    checks.polls(order.orderNo);
    const decided = await callConsumer(world, world.random.pick(parts.consumers()), ({ poll }) => poll(order));
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

/** What the consumer tells by itself: it has promised an answer, and sends the order again until there is one. */
function listen(
  { desk, process }: SimulatedConsumer,
  { orderNo, sid, buyer }: OrderRef,
  waits: BuyerHabits['waits'],
): Promise<DecidedOrder | null> {
  return new Promise((resolve) => {
    let over = false;
    const end = (decided: DecidedOrder | null): void => {
      over = true;
      resolve(decided);
    };
    desk.onDecision((decided) => decided.orderNo === orderNo && end(decided));
    process.onKill(() => end(null));
    // It may have been told between the answer and now.
    const look = async (): Promise<void> => {
      const found = await desk.getOrder(orderNo);
      if (found) end(toDecidedOrder(found));
      // As consumer/events/watch-orders.ts does: the stream of a number that is never decided ends.
      else if (waits === 'on a stream' && !(await desk.onPoll(orderNo, sid, buyer))) end(null);
    };
    const lookAgain = (): void => {
      void look()
        .catch(() => undefined)
        .then(() => !over && process.clock.setTimer(POLL_MS, lookAgain));
    };
    process.deliver(lookAgain);
  });
}

async function afterwards(parts: BuyerWorld, habits: BuyerHabits, order: OrderRef): Promise<void> {
  const { world, checks } = parts;
  if (habits.afterwards === 'forgets') return;
  await rest(world, habits.afterMs);
  const { orderNo, buyer } = order;
  const ask = <T>(work: (consumer: SimulatedConsumer) => Promise<T>) =>
    callConsumer(world, world.random.pick(parts.consumers()), work);
  for (let tries = 0; !parts.isOver(); tries += 1) {
    if (tries > 0) await rest(world, 500);
    if (habits.afterwards === 'cancels') {
      if (await ask(({ providers }) => providers.cancelOrder({ orderNo, buyer }))) return;
      continue;
    }
    const started = await ask(({ providers }) => providers.startPayment({ orderNo, buyer }));
    if (!started) continue;
    if (started.outcome !== 'STARTED') return;
    const { paymentId, amountCents, currency } = started;
    await rest(world, habits.payingMs);
    const event = { eventId: `paid-${paymentId}`, paymentId, orderNo, amountCents, currency };
    // The gateway brings its event until it is taken.
    for (; !parts.isOver(); await rest(world, 300)) {
      const recorded = await ask(({ providers }) => providers.recordPayment(event));
      if (recorded?.outcome === 'PAID') checks.paid(orderNo);
      if (recorded) return;
    }
  }
}

function rest(world: World, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    world.time.after(delayMs, resolve);
  });
}
