/** `flux ping`: how long requests to a service take, and the way they go. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Flux } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { type COptions, type CSyntax, parseCOptions } from '../options/c-options.ts';
import { durationOption, sizeOption } from '../options/c-values.ts';
import { type PingTarget, parsePingTarget, rankPrefix } from '../ping/target.ts';
import { failureOf, withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux-ping',
  usage: '[OPTIONS] TARGET',
  options: [
    { name: 'rank', key: 'r', takes: 'value', shown: 'RANK', help: 'Find target on a specific broker rank' },
    { name: 'pad', key: 'p', takes: 'value', shown: 'N', help: 'Include in the payload a string of length N bytes' },
    {
      name: 'interval',
      key: 'i',
      takes: 'value',
      shown: 'N',
      help: 'Specify the delay, in seconds, between successive requests',
    },
    { name: 'count', key: 'c', takes: 'value', shown: 'N', help: 'Specify the number of requests to send' },
    { name: 'batch', key: 'b', help: 'Begin processing responses after all requests are sent' },
    { name: 'userid', key: 'u', help: 'Include userid and rolemask in ping output' },
  ],
};

interface Pong {
  readonly seq: number;
  readonly pad: string;
  readonly route: string;
  readonly userid: number;
  readonly rolemask: number;
  readonly rank: number;
}

interface Plan {
  readonly pad: string;
  readonly intervalMs: number;
  /** 0: without end. */
  readonly count: number;
  readonly batch: boolean;
  readonly showsUser: boolean;
}

export async function run(words: string[]): Promise<number> {
  const options = parseCOptions(syntax, words);
  if (options.words.length !== 1) options.failWithUsage();
  const pad = 'p'.repeat(sizeOption(options, 'pad') ?? 0);
  const target = targetText(options);
  const intervalMs = (durationOption(options, 'interval') ?? 1) * 1000;
  const count = options.integer('count') ?? 0;
  if (count < 0) throw new CommandError('count must be >= 0');
  const batch = options.has('batch');
  if (batch && count === 0) throw new CommandError('--batch should only be used with --count');
  const plan = { pad, intervalMs, count, batch, showsUser: options.has('userid') };
  await withBroker(async (flux) => {
    const parsed = await parsePingTarget(flux, target);
    process.stdout.write(`${parsed.title}\n`);
    await pingAll(flux, parsed, plan);
  });
  return 0;
}

function targetText(options: COptions): string {
  const target = options.words[0]!;
  const rank = options.text('rank');
  if (rank === undefined) return target;
  if (target.includes('!')) throw new CommandError('--rank and TARGET both try to specify a nodeid');
  return `${rank}!${target}`;
}

async function pingAll(flux: Flux, target: PingTarget, plan: Plan): Promise<void> {
  // In a batch what is answered while requests are still sent waits to be read: its time is that of the reading.
  let openGate = () => {};
  const gate = plan.batch ? new Promise<void>((resolve) => (openGate = resolve)) : undefined;
  const answers: Promise<void>[] = [];
  let fail: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => {});
  for (let sequence = 0; plan.count === 0 || sequence < plan.count; sequence++) {
    const answer = pingOnce(flux, target, plan, sequence, gate);
    answer.catch(fail!);
    if (plan.count > 0) answers.push(answer);
    const isLast = sequence + 1 === plan.count;
    if (!isLast || plan.batch) await Promise.race([sleep(plan.intervalMs), failed]);
  }
  openGate();
  await Promise.all(answers);
}

async function pingOnce(
  flux: Flux,
  target: PingTarget,
  { pad, showsUser }: Plan,
  seq: number,
  gate: Promise<void> | undefined,
): Promise<void> {
  const { topic, nodeid, upstream } = target;
  const started = process.hrtime.bigint();
  const time = { 'time.tv_sec': started / 1_000_000_000n, 'time.tv_nsec': started % 1_000_000_000n };
  const answer = flux.rpc<Pong>(topic, { seq, ...time, pad }, { nodeid, upstream });
  const [result] = await Promise.allSettled([answer, gate]);
  if (result.status === 'rejected') failureOf(`${rankPrefix(target)}${topic}`, result.reason);
  const pong = result.value;
  if (pong.pad !== pad) throw new CommandError(`${rankPrefix(target)}${topic}: padding contents invalid`);
  const milliseconds = (Number(process.hrtime.bigint() - started) / 1e6).toFixed(3);
  const user = showsUser ? ` userid=${pong.userid} rolemask=0x${pong.rolemask.toString(16)}` : '';
  process.stdout.write(
    `${pong.rank}!${topic} pad=${pad.length}${user} seq=${pong.seq} time=${milliseconds} ms (${pong.route})\n`,
  );
}
