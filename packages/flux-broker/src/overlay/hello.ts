// Whether a child that says hello may come in (reference 3.3). Pure.
import { type Message, Role } from '@ebb/flux-client';
import { Errno } from '../routing/wire.ts';

export interface Hello {
  rank: number;
  version: number;
  uuid: string;
  status: number;
  hostname?: string;
}

export type HelloVerdict =
  | { ok: true; hello: Hello }
  | { ok: false; errnum: number; text: string | undefined; hello: Hello | undefined };

export interface HelloContext {
  rank: number;
  isChild(rank: number): boolean;
  hostname(rank: number): string;
}

/** (major<<16) + (minor<<8) + patch of a version such as "0.88.0-59-g4a5e79f56". */
export function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('-')[0]!.split('.').map(Number);
  return (major << 16) + (minor << 8) + patch;
}

export function versionText(version: number): string {
  return `${(version >> 16) & 0xff}.${(version >> 8) & 0xff}.${version & 0xff}`;
}

export function judgeHello(message: Message, payload: unknown, context: HelloContext): HelloVerdict {
  const hello = parseHello(payload);
  if (!hello) return { ok: false, errnum: Errno.EPROTO, text: 'malformed hello', hello: undefined };
  if (!(message.rolemask & Role.Owner)) return { ok: false, errnum: Errno.EPERM, text: undefined, hello };
  const configured = context.hostname(hello.rank);
  if (hello.hostname !== undefined && hello.hostname !== configured) {
    const text = `${configured} is configured as rank ${hello.rank}: mismatched config?`;
    return { ok: false, errnum: Errno.EINVAL, text, hello };
  }
  if (!context.isChild(hello.rank)) {
    const text = `rank ${hello.rank} is not a child of rank ${context.rank}: mismatched config?`;
    return { ok: false, errnum: Errno.EINVAL, text, hello };
  }
  return { ok: true, hello };
}

/** Major and minor must agree. Undefined when they do, else the text for the child. */
export function judgeVersion(child: number, own: number): string | undefined {
  if (child >> 8 === own >> 8) return undefined;
  return `client (${versionText(child)}) version mismatched with server (${versionText(own)})`;
}

function parseHello(payload: unknown): Hello | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { rank, version, uuid, status, hostname } = payload as Record<string, unknown>;
  if (!isSmallNumber(rank) || !isSmallNumber(version) || !isSmallNumber(status)) return undefined;
  if (typeof uuid !== 'string' || uuid.length === 0 || uuid.length > 36) return undefined;
  if (hostname !== undefined && typeof hostname !== 'string') return undefined;
  return { rank, version, uuid, status, ...(hostname === undefined ? {} : { hostname }) };
}

function isSmallNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
