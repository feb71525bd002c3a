/** `flux uptime`. */
import { userInfo } from 'node:os';
import { connect, type Flux } from '@ebb/flux-client';
import { Idset, printDuration } from '@ebb/flux-formats';
import { strftime } from '../formats/strftime.ts';
import { parser } from '../parser.ts';

export async function run(words: string[]): Promise<number> {
  parser('uptime', 'How long this instance has run, and its size').parse(words, { from: 'user' });
  const flux = await connect();
  try {
    process.stdout.write(await uptime(flux, new Date()));
  } finally {
    await flux.close();
  }
  return 0;
}

async function uptime(flux: Flux, now: Date): Promise<string> {
  const [owner, size, level, state] = await Promise.all([
    flux.attr('security.owner'),
    flux.size(),
    flux.attr('instance-level'),
    flux.rpc<{ state: string; duration: number }>('state-machine.get'),
  ]);
  let { duration } = state;
  const more: string[] = [];
  let second = '';
  if (state.state === 'run') {
    duration =
      now.getTime() / 1000 -
      Number(
        await flux
          .rpc<{ value: string }>('attr.get', { name: 'broker.starttime' }, { nodeid: 0 })
          .then(({ value }) => value),
      );
    const { drain } = await flux.rpc<{ drain: Record<string, unknown> }>('resource.status', undefined, { nodeid: 0 });
    const drained = Object.keys(drain).reduce((ranks, ids) => ranks.union(Idset.parse(ids)), Idset.empty).size;
    const { members } = await flux.rpc<{ members: string }>('groups.get', { name: 'broker.online' }, { nodeid: 0 });
    const offline = size - Idset.parse(members).size;
    if (drained > 0) more.push(`${drained} drained`);
    if (offline > 0) more.push(`${offline} offline`);
    second = await queueNotice(flux);
  }
  const words = [`owner ${userName(Number(owner))}`, `depth ${level}`, `size ${size}`, ...more];
  return ` ${strftime('%H:%M:%S', now)} ${state.state} ${printDuration(duration, 2)},  ${words.join(',  ')}\n${second}`;
}

async function queueNotice(flux: Flux): Promise<string> {
  const { queues } = await flux.rpc<{ queues: string[] }>('job-manager.queue-list', undefined, { nodeid: 0 });
  const names = queues.length > 0 ? queues.map((name) => ({ name })) : [{}];
  const states = await Promise.all(
    names.map((name) => flux.rpc<{ enable: boolean; start: boolean }>('job-manager.queue-status', name, { nodeid: 0 })),
  );
  const notices = [
    ...(states.some(({ enable }) => !enable) ? ['submit disabled'] : []),
    ...(states.some(({ start }) => !start) ? ['scheduler stopped'] : []),
  ];
  return notices.length > 0 ? `  ${notices.join(',  ')}\n` : '';
}

function userName(uid: number): string {
  return uid === process.getuid?.() ? userInfo().username : String(uid);
}
