/** Command lines run by this package's flux and by the real one, at a broker of this workspace and at a real one. */
import { spawn } from 'node:child_process';
import { startInstance } from '@ebb/flux-broker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFlux, type FluxCommand, type FluxResult, normalized, realFlux, runFlux } from './run-flux.ts';

/** What a command line is run with. */
export interface Line {
  readonly words: readonly string[];
  readonly input?: string;
  /** Sends the command `signal` (default: SIGKILL) when what it printed matches; it ends by itself otherwise. */
  readonly until?: RegExp;
  readonly signal?: NodeJS.Signals;
  /** Takes away what differs from run to run; default `normalized`. */
  readonly normalize?: (text: string) => string;
  /** Errors may come in any order. */
  readonly anyOrder?: boolean;
}

interface RunningInstance {
  readonly uri: string;
  stop(): Promise<void>;
}

const size = 4;

/** Starts brokers of flux-core that run until they are stopped. */
async function startReal(flux: FluxCommand): Promise<RunningInstance> {
  const [program, ...before] = flux as [string, ...string[]];
  const { FLUX_URI: _, ...env } = process.env;
  const words = [...before, 'start', '-s', String(size), 'sh', '-c', 'echo $FLUX_URI; cat >/dev/null'];
  const child = spawn(program, words, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const uri = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    ended.then(() => reject(new Error('the real brokers ended before they ran')));
  });
  return {
    uri,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

async function startOwn(): Promise<RunningInstance> {
  const instance = startInstance({ size, socketRanks: [0], startlog: true });
  await instance.ready();
  return { uri: instance.uri(0), stop: () => instance.stop() };
}

export interface Both {
  /** Runs a command line with this package's flux, or the real one. */
  run(whose: 'ours' | 'theirs', line: Line): Promise<FluxResult>;
  /** Expects of both the same output, errors and exit status. */
  same(line: Line): Promise<void>;
}

/** Declares the tests of `lines`, and those that `more` declares, once for each kind of broker. */
export function atBothBrokers(title: string, lines: readonly Line[], more?: (both: Both) => void): void {
  const real = realFlux();
  describe.skipIf(!real).each([
    ['of this workspace', startOwn],
    ['of flux-core', () => startReal(real!)],
  ])(`${title} beside those of flux-core, at brokers %s`, (_, start) => {
    let built: { command: FluxCommand; remove(): void };
    let instance: RunningInstance;
    beforeAll(async () => {
      [built, instance] = await Promise.all([builtFlux(), start()]);
    }, 60_000);
    afterAll(async () => {
      built.remove();
      await instance.stop();
    }, 60_000);
    const both: Both = {
      run: (whose, { words, input, until, signal }) =>
        runFlux(whose === 'ours' ? built.command : real!, words, {
          uri: instance.uri,
          ...(input === undefined ? {} : { input }),
          ...(until === undefined ? {} : { until }),
          ...(signal === undefined ? {} : { signal }),
        }),
      async same(line) {
        const theirs = await both.run('theirs', line);
        const ours = await both.run('ours', line);
        expect(comparable(ours, line)).toEqual(comparable(theirs, line));
      },
    };
    it.each(lines.map((line) => [line.words.join(' '), line] as const))(
      'flux %s',
      (__, line) => both.same(line),
      30_000,
    );
    more?.(both);
  });
}

function comparable({ stdout, stderr, exitCode }: FluxResult, { normalize = normalized, anyOrder }: Line): unknown {
  const read = (text: string) => {
    const lines = normalize(text).split('\n');
    return anyOrder ? lines.sort() : lines;
  };
  return { stdout: read(stdout), stderr: read(stderr), exitCode };
}
