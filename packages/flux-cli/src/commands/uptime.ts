/** `flux uptime`. */
import type { Flux } from '@ebb/flux-client';
import { Idset, printDuration } from '@ebb/flux-formats';
import { strftime } from '../formats/strftime.ts';
import { userName } from '../jobs/job-fields.ts';
import { type CSyntax, parseCOptions } from '../options/c-options.ts';
import { withBroker } from '../with-broker.ts';

const syntax: CSyntax = {
  program: 'flux uptime',
  usage: '[OPTIONS]...',
  description: 'Show how long this Flux instance has been running',
  options: [],
};

export async function run(words: string[]): Promise<number> {
  parseCOptions(syntax, words);
  process.stdout.write(await withBroker((flux) => uptime(flux, new Date())));
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
    const { value } = await flux.rpc<{ value: string }>('attr.get', { name: 'broker.starttime' }, { nodeid: 0 });
    duration = now.getTime() / 1000 - Number(value);
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
  // Only what holds for all queues is said.
  const notices = [
    ...(states.every(({ enable }) => !enable) ? ['submit disabled'] : []),
    ...(states.every(({ start }) => !start) ? ['scheduler stopped'] : []),
  ];
  return notices.length > 0 ? `  ${notices.join(',  ')}\n` : '';
}
