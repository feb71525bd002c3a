// What makes an entry of cron run: a period, an event, or the calendar.
import { type Flux, FluxError } from '@ebb/flux-client';
import type { Clock, Timer } from '../clock.ts';
import { DatePattern } from './date-pattern.ts';

export interface Trigger {
  start(): void;
  stop(): void;
  /** As `typedata` shows it. */
  print(): object;
}

/** What a trigger needs of its entry. */
export interface Triggered {
  run(): void;
  /** The calendar holds no further time. */
  exhausted(): void;
  /** Seconds since 1970. */
  lastRun(): number;
}

type Fields = Record<string, unknown>;

/** @throws FluxError ENOSYS for an unknown type, EPROTO or EINVAL for wrong arguments */
export function createTrigger(type: string, args: Fields, flux: Flux, clock: Clock, entry: Triggered): Trigger {
  if (type === 'interval') return interval(args, clock, entry);
  if (type === 'event') return event(args, flux, clock, entry);
  if (type === 'datetime') return calendar(args, clock, entry);
  throw new FluxError('ENOSYS');
}

function interval(args: Fields, clock: Clock, entry: Triggered): Trigger {
  const period = number(args, 'interval');
  const after = number(args, 'after', -1);
  const first = after < 0 ? period : after;
  let timer: Timer | undefined;
  let nextMs = 0;
  const arm = (delay: number) => {
    nextMs = clock.now() + delay * 1000;
    timer = clock.after(delay * 1000, () => {
      if (period > 0) arm(period);
      entry.run();
    });
  };
  return {
    start: () => arm(first),
    stop: () => timer?.cancel(),
    print: () => ({ interval: period, after: first, next_wakeup: nextMs / 1000 }),
  };
}

function event(args: Fields, flux: Flux, clock: Clock, entry: Triggered): Trigger {
  const { topic } = args;
  if (typeof topic !== 'string') throw new FluxError('EPROTO');
  const nth = number(args, 'nth', 0);
  const after = number(args, 'after', 0);
  const least = number(args, 'min_interval', 0);
  let counter = 0;
  let pause: Timer | undefined;
  let subscription: Promise<() => Promise<void>> | undefined;
  const heard = () => {
    counter++;
    if (pause || counter < after || (nth > 0 && (counter - after) % nth !== 0)) return;
    const wait = least > 0 ? least - (clock.now() / 1000 - entry.lastRun()) : 0;
    if (wait <= 1e-5) {
      entry.run();
      return;
    }
    pause = clock.after(wait * 1000, () => {
      pause = undefined;
      entry.run();
    });
  };
  return {
    start() {
      counter = 0;
      subscription = flux.subscribe(topic, heard);
      subscription.catch(() => {});
    },
    stop() {
      pause?.cancel();
      pause = undefined;
      subscription?.then((unsubscribe) => unsubscribe()).catch(() => {});
      subscription = undefined;
    },
    print: () => ({ topic, nth, after, counter, min_interval: least }),
  };
}

/** Node's timers run at most so long. */
const longestDelayMs = 2 ** 31 - 1;

function calendar(args: Fields, clock: Clock, entry: Triggered): Trigger {
  const pattern = new DatePattern(args);
  let timer: Timer | undefined;
  let nextMs = 0;
  const wait = () => {
    const left = nextMs - clock.now();
    timer = clock.after(Math.min(Math.max(left, 0), longestDelayMs), () => {
      if (clock.now() < nextMs) {
        wait();
        return;
      }
      arm();
      entry.run();
    });
  };
  const arm = () => {
    const next = pattern.next(clock.now());
    if (next === undefined) {
      entry.exhausted();
      return;
    }
    nextMs = next;
    wait();
  };
  return {
    start: arm,
    stop: () => timer?.cancel(),
    print: () => ({ next_wakeup: nextMs / 1000, ...pattern.toJSON() }),
  };
}

function number(args: Fields, name: string, missing?: number): number {
  const value = args[name] ?? missing;
  if (typeof value !== 'number' || Number.isNaN(value)) throw new FluxError('EPROTO', `${name} must be a number`);
  return value;
}
