// The module `heartbeat`: rank 0 publishes a pulse that others synchronize to; followers that miss it for long give
// their parent up (reference 3.6).
import { FluxError } from '@ebb/flux-client';
import { parseDuration } from '@ebb/flux-formats';
import type { Timer } from '../clock.ts';
import type { BrokerModule, ConfigObject, ModuleContext } from '../module.ts';
import { LogLevel } from '../module.ts';

const topic = 'heartbeat.pulse';

interface Settings {
  periodMs: number;
  /** 0 = never. */
  timeoutMs: number;
  warnAfterPeriods: number;
}

export function create(): BrokerModule {
  return new Heartbeat();
}

class Heartbeat implements BrokerModule {
  readonly name = 'heartbeat';
  #context!: ModuleContext;
  #settings!: Settings;
  #timer: Timer | undefined;
  #lastPulse = 0;
  #hasWarned = false;

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    this.#settings = readSettings(context.config(), context.args);
    context.onConfig((config) => {
      this.#settings = readSettings(config, context.args);
      this.#arm();
    });
    context.flux.handle('heartbeat.stats-get', (request) =>
      request.respond({
        period: this.#settings.periodMs / 1000,
        timeout: this.#settings.timeoutMs / 1000,
        warn_thresh: this.#settings.warnAfterPeriods,
      }),
    );
    this.#lastPulse = context.clock.now();
    if (!context.isLeader) {
      await context.flux.subscribe(topic, () => this.#beat());
    }
    this.#arm();
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
  }

  #arm(): void {
    this.#timer?.cancel();
    const { clock, isLeader, flux } = this.#context;
    const { periodMs } = this.#settings;
    this.#timer = isLeader
      ? clock.every(periodMs, () => void flux.publish(topic).catch(() => {}))
      : clock.every(periodMs, () => this.#check());
  }

  #beat(): void {
    this.#lastPulse = this.#context.clock.now();
    this.#hasWarned = false;
  }

  #check(): void {
    const { clock, flux, log } = this.#context;
    const { periodMs, timeoutMs, warnAfterPeriods } = this.#settings;
    const silentMs = clock.now() - this.#lastPulse;
    if (!this.#hasWarned && warnAfterPeriods > 0 && silentMs > periodMs * warnAfterPeriods) {
      this.#hasWarned = true;
      log(LogLevel.err, 'heartbeat overdue');
    }
    if (timeoutMs === 0 || silentMs <= timeoutMs) return;
    flux.send('overlay.disconnect-parent', { reason: `no heartbeat for ${timeoutMs / 1000}s` });
    this.#timer?.cancel();
  }
}

function readSettings(config: ConfigObject, args: readonly string[]): Settings {
  const table = (config['heartbeat'] ?? {}) as Record<string, unknown>;
  const argument = args.find((text) => text.startsWith('period='))?.slice('period='.length);
  const duration = (text: unknown, fallback: number) => {
    if (text === undefined) return fallback;
    if (typeof text !== 'string') throw new FluxError('EINVAL', 'heartbeat: durations are strings such as "2s"');
    return parseDuration(text) * 1000;
  };
  const timeout = table['timeout'];
  return {
    periodMs: duration(argument ?? table['period'], 2_000),
    timeoutMs: timeout === 'infinity' ? 0 : duration(timeout, 300_000),
    warnAfterPeriods: (table['warn_thresh'] as number | undefined) ?? 3,
  };
}
