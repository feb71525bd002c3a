/** The recorded story again, with our brokers and our commands: tables are the same wherever they show no time or id. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Instance, startInstance } from '@ebb/flux-broker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFlux, type FluxCommand, runFlux } from './compare/run-flux.ts';
import { recordedTables } from './fixtures/recorded-tables.ts';

const recordedSocket = 'local:///var/run/flux/cap.sock';

/** What happens to the instance before a command. */
const events: Readonly<Record<string, (instance: Instance) => unknown>> = {
  '004-resource-list-4up': (instance) => [instance.start(2), instance.start(3)],
  '071-resource-list-lost': (instance) => instance.kill(3),
  '074-resource-list-back': (instance) => instance.start(3),
  '075-resource-list-goodbye': (instance) => instance.shutdown(2),
  '077-resource-list-one': (instance) => [1, 3].map((rank) => instance.kill(rank)),
};

/** The one who typed them had waited for the jobs before. */
const afterIdle = ['023-submit-badcmd', '025-run', '028-submit-cc'];

/** Their lines come in no order: of several tasks, or of jobs that end at once. */
const unordered = [
  '019-exec-hostname',
  '023-submit-badcmd',
  '025-run',
  '026-run-fail',
  '027-run-label',
  '028-submit-cc',
  '033-jobs-a',
  '034-jobs-json',
];

/** What these show is how the brokers were started, and what they say of their inner life: only how a line is laid out is the same. */
const layouts: Readonly<Record<string, RegExp>> = {
  '013-lsattr': /^[a-z][\w.-]* +.*$/,
  '018-module-list': /^[\w-]{1,25} +(Idle|\d+|idle) {2}[SR] +(Sendq|\d+) +(Recvq|\d+)( [\w,-]*)?$/,
  '061-dmesg': /^\d{4}-\d\d-\d\dT[\w:.]+Z [\w.-]+\.(crit|err|warning|notice|info|debug)\[\d+\]: .+$/,
  // The resources of these brokers come from their configuration, those of the recorded ones from a file.
  '063-config-get': /^\{.*"noverify":true.*\}$/,
  '076-dmesg-final': /^\d{4}-\d\d-\d\dT[\w:.]+Z [\w.-]+\.(crit|err|warning|notice|info|debug)\[\d+\]: .+$/,
};

/** An instance within the instance, on the machine that all share: it is told what its node is called. */
const within = ['066-alloc'];

describe('the recorded session, again', () => {
  let instance: Instance;
  let built: { command: FluxCommand; remove(): void };
  let folder: string;
  const run = (name: string, command: string) => {
    const environment = `PATH=${folder}:$PATH${within.includes(name) ? ' FLUX_FAKE_HOSTNAME=flux-sample-0' : ''}`;
    const line = `export ${environment}; cd /; ${command.replaceAll(recordedSocket, instance.uri(0))}`;
    return runFlux(['/bin/sh', '-c'], [line], { uri: instance.uri(0) });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flux-session-'));
    instance = startInstance({
      size: 4,
      hostname: (rank) => `flux-sample-${rank}`,
      startRanks: [0, 1],
      socketRanks: [0, 1, 2, 3],
      startlog: true,
      attributes: { 'broker.quorum': '2' },
    });
    [built] = await Promise.all([builtFlux(), instance.ready()]);
    program('flux', `exec ${built.command.join(' ')} "$@"`);
    // All brokers share this machine: the name of a node is its broker's.
    program('hostname', 'exec flux getattr hostname');
  });

  function program(name: string, line: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  afterAll(async () => {
    built?.remove();
    rmSync(folder, { recursive: true, force: true });
    await instance.stop();
  });

  for (const recorded of recordedTables()) {
    const happens = events[recorded.name];
    it(`${recorded.name}: ${recorded.command}`, async () => {
      if (happens) await happens(instance);
      if (afterIdle.includes(recorded.name)) await run('idle', 'flux queue idle --quiet');
      const compared = (text: string) => {
        const lines = masked(text);
        return unordered.includes(recorded.name) ? sorted(lines) : lines;
      };
      const printed = async () => {
        const { stdout, stderr, exitCode } = await run(recorded.name, recorded.command);
        return { stdout: compared(asRoot(stdout)), stderr: compared(stderr), exitCode };
      };
      const { stdout, stderr, exitCode } = recorded;
      const wanted = { stdout: compared(stdout), stderr: compared(stderr), exitCode };
      const layout = layouts[recorded.name];
      if (layout) {
        const { exitCode: status, stdout: shown } = await run(recorded.name, recorded.command);
        const lines = [...stdout.trimEnd().split('\n'), ...shown.trimEnd().split('\n')];
        expect({ status, odd: lines.filter((line) => !layout.test(line)) }).toEqual({ status: exitCode, odd: [] });
      } else if (happens) await expect.poll(printed, { timeout: 20_000 }).toEqual(wanted);
      else expect(await printed()).toEqual(wanted);
    });
  }
});

/** The session was recorded by root; in tables a name is cut or filled to eight letters. */
function asRoot(text: string): string {
  const { username } = userInfo();
  return text.replaceAll(username.slice(0, 8).padEnd(8), 'root    ').replaceAll(`owner ${username}`, 'owner root');
}

function sorted(lines: string): string {
  return lines.replaceAll('}, {"t_', '}\n{"t_').split('\n').sort().join('\n');
}

/** Without ids, times, durations and what else differs from run to run. */
function masked(text: string): string {
  return (
    text
      .replaceAll(/ *ƒ[1-9A-HJ-NP-Za-km-z]+/g, ' ƒID')
      .replaceAll(/\b\d{10}\.\d+/g, 'TIME')
      .replaceAll(/\b\d\d:\d\d:\d\d\b/g, 'TIME')
      .replaceAll(/\b[A-Z][a-z]{2}\d\d \d\d:\d\d/g, 'TIME')
      .replaceAll(/time=[\d.]+ ms \([\da-f!]+\)/g, 'time=TIME (ROUTE)')
      .replaceAll(/sha1-[\da-f]{40}/g, 'sha1-HASH')
      // Where a line of values is cut depends on the digits before it.
      .replaceAll(/^((?:job|resource|admin)\b.*? = .{8}).*$/gm, '$1...')
      .replaceAll(/^job(\.[\da-f]{4}){4}/gm, 'job.ID')
      .replaceAll(/ *\b\d+(\.\d+)?(ms|[smhd])\b/g, ' DURATION')
      .replaceAll(/"id": \d{9,}/g, '"id": ID')
      .replaceAll(/\\u0192\w+/g, 'ƒID')
      .replaceAll(/"runtime": [\d.]+/g, '"runtime": TIME')
      .replaceAll(/"rlimit": ?\{.*?\}/g, '"rlimit": LIMITS')
      .replaceAll(/local:\/\/\S+/g, 'local://PATH')
      // What cores a machine has is no matter of Flux.
      .replaceAll(/.*flux-shell\[\d+\]: +\w+: cpu-affinity: .*\n/g, '')
      .replaceAll(/.*resource\.err\[0\]: rank 0 \(.*\) missing resources: core.*\n/g, '')
      // Nor which build this is.
      .replaceAll(/0\.88\.0(-\d+-g\w+)?/g, '0.88.0')
      .replaceAll(/(build-options:\t+).*/g, '$1OPTIONS')
  );
}
