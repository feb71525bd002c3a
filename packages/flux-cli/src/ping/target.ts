/** What `flux ping` is to ask: `[RANK!]SERVICE`, where the rank may be a host's name, `any` or `upstream`. */
import type { Flux } from '@ebb/flux-client';
import { parseHostlist } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';

interface Node {
  readonly nodeid?: number;
  readonly upstream?: boolean;
}

export interface PingTarget extends Node {
  readonly topic: string;
  /** The line that comes before the answers. */
  readonly title: string;
}

/** @throws CommandError when what stands before `!` names no broker */
export async function parsePingTarget(flux: Flux, text: string): Promise<PingTarget> {
  const mark = text.indexOf('!');
  const nodeText = mark < 0 ? text : text.slice(0, mark);
  const found = await nodeOf(flux, nodeText);
  if (mark >= 0 && !found) throw new CommandError(`invalid nodeid/host: '${nodeText}'`);
  // Without a mark, what names a broker is one; anything else is a service.
  const service = mark >= 0 ? text.slice(mark + 1) : found ? 'broker' : text;
  const { node, title, suffix = '' } = found ?? { node: {}, title: 'any' };
  return { ...node, topic: `${service}.ping`, title: `flux-ping ${title}!${service}${suffix}` };
}

/** The rank asked, as it stands before the service in errors. */
export function rankPrefix({ nodeid, upstream }: Node): string {
  if (upstream) return 'upstream!';
  return nodeid === undefined ? '' : `${nodeid}!`;
}

async function nodeOf(flux: Flux, text: string): Promise<{ node: Node; title: string; suffix?: string } | undefined> {
  if (text === 'any') return { node: {}, title: text };
  if (text === 'upstream') return { node: { upstream: true }, title: text };
  const hosts = parseHostlist(await flux.attr('hostlist'));
  const rank = hosts.indexOf(text);
  if (rank >= 0) return { node: { nodeid: rank }, title: text, suffix: ` (rank ${rank})` };
  // Nothing at all is rank 0, as strtol reads it.
  if (!/^(\s*\+?\d+)?$/.test(text)) return undefined;
  return { node: { nodeid: Number(text) }, title: String(Number(text)) };
}
