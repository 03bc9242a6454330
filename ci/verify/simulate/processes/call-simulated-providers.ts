import { status } from '@grpc/grpc-js';
import type { Providers } from '../../../../consumer/providers/connect-providers.ts';
import { OrderService, StockService } from '../../../../proto/messages/load-protos.ts';
import { deadlines } from '../../../../proto/settings/deadlines.ts';
import { describeFault } from '../../../../provider/rpc/describe-fault.ts';
import type { SimulatedProcess } from '../world/simulated-process.ts';
import type { World } from '../world/world.ts';
import type { SimulatedProvider } from './start-provider.ts';

const DEADLINE_MS = deadlines.CALL_DEADLINE_MS.ms;
/** Calls that gRPC may repeat, if it takes the first for lost. */
const REPEATABLE = /^(Get|Find|Start|Keep|Settle|Record|Cancel)/;

type Method = {
  requestSerialize(request: unknown): Buffer;
  requestDeserialize(bytes: Buffer): unknown;
  responseSerialize(reply: unknown): Buffer;
  responseDeserialize(bytes: Buffer): unknown;
};

const METHODS: Record<string, Method> = { ...StockService.service, ...OrderService.service } as never;

/** Calls the providers in turn, with the bytes that gRPC would send. */
export function callSimulatedProviders(
  world: World,
  process: SimulatedProcess,
  listProviders: () => SimulatedProvider[],
): Providers {
  const { time, random, faults } = world;
  let turn = random.whole(0, 10);
  const slowMs = () => world.latencyMs() + (random.chance(faults.callSlow) ? random.between(50, 3500) : 0);
  const fault = (code: status) => Object.assign(new Error(status[code]), { code });

  const call = (name: string) => (request: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const method = METHODS[name] as Method;
      const cancel = process.clock.setTimer(DEADLINE_MS, () => reject(fault(status.DEADLINE_EXCEEDED)));
      const end = (act: () => void) => {
        cancel();
        act();
      };
      const list = listProviders();
      turn += 1;
      const provider = list[turn % list.length];
      const bytes = method.requestSerialize(request);
      const breakOff = () => {
        time.after(slowMs(), () => process.deliver(() => end(() => reject(fault(status.UNAVAILABLE)))));
      };
      const isLost = random.chance(faults.callLost);
      if (!provider?.process.isAlive() || isLost) {
        if (!isLost || random.chance(0.5)) breakOff();
        return;
      }

      function execute(isFirst: boolean): void {
        const target = provider as SimulatedProvider;
        target.process.deliver(() => {
          const answer = target.handlers[name]?.(method.requestDeserialize(bytes));
          answer?.then(
            (reply) => {
              const back = method.responseSerialize(reply);
              if (!isFirst) return;
              // The connection breaks, or the caller learns nothing.
              if (random.chance(faults.callAnswerLost)) return random.chance(0.6) ? breakOff() : undefined;
              const arrive = () => end(() => resolve(method.responseDeserialize(back)));
              time.after(slowMs(), () => process.deliver(arrive));
            },
            (error: unknown) => {
              if (isFirst) time.after(slowMs(), () => process.deliver(() => end(() => reject(describeFault(error)))));
            },
          );
        });
      }
      provider.process.onKill(breakOff);
      time.after(slowMs(), () => execute(true));
      if (REPEATABLE.test(name) && random.chance(faults.callTwice)) time.after(slowMs(), () => execute(false));
    });

  return {
    getStock: call('GetStock'),
    getStocks: call('GetStocks'),
    placeOrders: call('PlaceOrders'),
    getOrders: call('GetOrders'),
    findLiveOrders: call('FindLiveOrders'),
    startPayment: call('StartPayment'),
    startPayments: call('StartPayments'),
    keepSession: call('KeepSession'),
    settlePayment: call('SettlePayment'),
    recordPayment: call('RecordPayment'),
    recordPayments: call('RecordPayments'),
    cancelOrder: call('CancelOrder'),
    updateStock: call('UpdateStock'),
  } as unknown as Providers;
}
