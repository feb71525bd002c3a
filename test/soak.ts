/**
 * A long time of random creates, resizes, deletes, denied sizes, lost pods, killed brokers and killed operators: everything
 * that is asked for comes to be; jobs that meet a smaller size or another maximum end well; and nothing leaks: objects of
 * any kind, watches, processes, memory, open files, folders, mounts, links and control groups. The operator has the rights
 * of the chart and no other.
 *
 *   npm run soak -- [--minutes 30] [--seed NUMBER] [--cluster embedded|real] [--stay]
 *
 * Needs Linux, root and `npm run build`; the real control plane needs Go. Ends with 1 and says why when something did
 * not hold; the seed, which it prints, repeats what was asked (not when). With --stay it leaves what failed as it is, to be
 * looked at, until it is interrupted.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Cluster, configFrom, findKubectl } from '@ebb/ebb/internal';
import { embedded } from './clusters/embedded.ts';
import { accountKubeconfig } from './clusters/operator-account.ts';
import { realBuiltHere } from './clusters/real.ts';
import { AllObjects } from './soak/all-objects.ts';
import { Crowd } from './soak/crowd.ts';
import { MachineTraces } from './soak/machine-traces.ts';
import { processesOf } from './soak/processes.ts';
import { Random } from './soak/random.ts';
import { emptyOf, growth, type Sample, sampleOf, tellsGrowth } from './soak/samples.ts';
import { unsettled } from './soak/settled.ts';
import { SoakedOperator } from './soak/soaked-operator.ts';
import { Spared } from './soak/spared.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    cluster: { type: 'string', default: 'embedded' },
    stay: { type: 'boolean', default: false },
  },
});
/** Deleted pods, taken over brokers and killed operators take their time, on a busy machine most of all. */
const settleWithinMs = 180_000;
const tellEveryMs = 45_000;
/** Whoever asks for less wants to see that it works at all. */
const shortMinutes = 5;
const random = new Random(Number(values.seed));
const kind = { embedded, real: realBuiltHere }[values.cluster];
if (!kind || kind.missing) throw new Error(`--cluster ${values.cluster}: ${kind?.missing ?? 'embedded or real'}`);

// Whatever is started from here has this folder in its environment, and puts its files there.
const folder = mkdtempSync(join(tmpdir(), 'ebb-soak-'));
process.env['TMPDIR'] = folder;
const before = processesOf(folder).map(({ pid }) => pid);
const processes = () => processesOf(folder).filter(({ pid }) => !before.includes(pid));
const began = Date.now();
const minutes = () => (Date.now() - began) / 60_000;
const isHalfOver = () => minutes() > Number(values.minutes) / 2;
console.log(`seed ${values.seed}, ${values.minutes} minutes on ${kind.name}`);

const problems: string[] = [];
const samples: Sample[] = [];
const running = await kind.start({ operator: false });
const cluster = new Cluster(configFrom(running.kubeconfigPath));
const everything = new AllObjects((await findKubectl())!.path, running.kubeconfigPath);
const account = await accountKubeconfig(running.kubeconfigPath, folder);
const operator = new SoakedOperator(account, join(folder, 'operator.log'));
const machine = new MachineTraces(folder);
try {
  const crowd = new Crowd(cluster, random, processes);
  const spared = new Spared(cluster, random);
  const wanted = () => new Map([...crowd.wanted, ...spared.wanted]);
  await everything.settled();
  const looks = {
    processes,
    traces: async () => [...(await everything.list()), ...machine.list(processes())],
    watches: () => everything.watches(),
  };
  const empty = await emptyOf(looks);
  for (let round = 1; minutes() < Number(values.minutes) && problems.length === 0; round += 1) {
    for (let left = random.between(3, 8); left > 0; left -= 1) {
      // One operator lives through the second half, so that its memory can be told over time.
      if (!isHalfOver() && random.next() < 0.15) operator.killAndStart();
      else await (random.next() < 0.3 ? spared : crowd).act();
      await new Promise((resolve) => setTimeout(resolve, random.between(0, 1500)));
    }
    const isEmptied = round % 3 === 0;
    if (isEmptied) {
      problems.push(...(await spared.lost(settleWithinMs)));
      if (problems.length > 0) break;
      await spared.delete();
      await crowd.deleteAll();
    }
    problems.push(...(await settle(wanted())));
    if (problems.length === 0) {
      await crowd.overreach();
      problems.push(...(await settle(wanted())));
    }
    operator.check();
    if (!isEmptied || problems.length > 0) continue;
    const sample = await sampleOf(operator.pid, looks, empty);
    problems.push(...sample.leftoverProcesses.map((command) => `a process is left over: ${command}`));
    problems.push(...sample.leftover.map((what) => `${what} is left over`));
    samples.push({ ...sample, life: operator.life, minutes: minutes() });
    console.log(
      `${minutes().toFixed(1)} min, round ${round}: ${crowd.summary()}, ${spared.summary()}; operator ${sample.operatorMiB} MiB, ${sample.operatorFiles} files; the rest ${sample.ownMiB} MiB, ${sample.ownFiles} files; ${sample.watches} watches; killed ${operator.life - 1} times`,
    );
  }
  if (problems.length === 0) problems.push(...(await spared.lost(settleWithinMs)));
  if (problems.length === 0) {
    await spared.delete();
    await crowd.deleteAll();
    problems.push(...(await settle(wanted())));
  }
  problems.push(...growth(samples));
  if (!tellsGrowth(samples)) {
    const words = `${samples.length} samples are too few to tell whether anything grows`;
    if (Number(values.minutes) < shortMinutes) console.log(words);
    else problems.push(words);
  }
  const log = readFileSync(operator.logPath, 'utf8');
  problems.push(...new Set(log.match(/[^"]* is forbidden: [^"]*/g)));
  if (problems.length > 0) console.log(readFileSync(operator.logPath, 'utf8').slice(-6000));
  if (problems.length > 0 && values.stay) {
    console.log(`${problems.join('\n')}\nIt stays as it is until Ctrl-C: KUBECONFIG=${running.kubeconfigPath}`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} finally {
  await operator.stop();
  await running.stop();
}
problems.push(...machine.list([]).map((what) => `${what} outlived the end`));
problems.push(...processes().map(({ pid, command }) => `process ${pid} outlived the end: ${command}`));
const isOurs = (name: string) => /^operator\.(log|kubeconfig)$/.test(name) || /^(node-compile-cache|tsx-)/.test(name);
problems.push(
  ...readdirSync(folder)
    .filter((name) => !isOurs(name))
    .map((name) => `${join(folder, name)} was left`),
);
for (const problem of problems) console.log(`NOT SO: ${problem}`);
console.log(
  problems.length > 0 ? `failed; seed ${values.seed}, see ${folder}` : 'everything converged, nothing leaked',
);
if (problems.length === 0) rmSync(folder, { recursive: true, force: true });
process.exit(problems.length > 0 ? 1 : 0);

/** @returns what was not settled in time */
async function settle(wanted: ReadonlyMap<string, number>): Promise<string[]> {
  const deadline = Date.now() + settleWithinMs;
  for (let told = Date.now(); ; ) {
    const left = await unsettled(cluster, wanted);
    if (left.length > 0 && Date.now() > told + tellEveryMs) {
      console.log(`still waiting: ${left.join('; ')}`);
      told = Date.now();
    }
    if (left.length === 0 || Date.now() > deadline) return left;
    operator.check();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
