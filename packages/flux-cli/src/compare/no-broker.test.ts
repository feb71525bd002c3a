/** Commands where there is no broker, or what names it names none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFlux, type FluxCommand, realFlux, runFlux } from './run-flux.ts';

const real = realFlux();

const commandLines = [
  'jobs',
  'resource list',
  'resource drain 0',
  'queue list',
  'job list',
  'job submit',
  'job kill 1',
  'job attach 1',
  'uptime',
  'submit a',
  'run a',
  'bulksubmit a ::: b',
  'alloc -n1',
  'cancel 1',
  'pstree',
  'proxy 1',
  'ping 0',
  'exec a',
  'hostlist local',
  'module list',
  'overlay status',
  'dmesg',
  'getattr size',
  '--parent uptime',
  '--root uptime',
];

describe.skipIf(!real)('where there is no broker', () => {
  let built: { command: FluxCommand; remove(): void };
  beforeAll(async () => {
    built = await builtFlux();
  }, 60_000);
  afterAll(() => built.remove());

  it.each(
    ['', 'local:///nosuch/socket', 'nosuch://x', 'nosuch'].flatMap((uri) => commandLines.map((text) => [uri, text])),
  )(
    'at %j, flux %s',
    async (uri, text) => {
      const words = text!.split(' ');
      const [theirs, ours] = await Promise.all([
        runFlux(real!, words, { uri: uri! }),
        runFlux(built.command, words, { uri: uri! }),
      ]);
      expect(ours).toEqual(theirs);
    },
    30_000,
  );
});
