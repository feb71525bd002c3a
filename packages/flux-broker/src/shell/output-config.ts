// Where the output of a job goes: shell options `output.stdout` and `output.stderr` (flux-shell(1), OUTPUT).
import { isPerShell, isPerTask } from './template.ts';

export type Stream = 'stdout' | 'stderr';
export const streams: readonly Stream[] = ['stdout', 'stderr'];

export interface StreamConfig {
  /** Path of a file, as a template; undefined: the KVS. */
  readonly template: string | undefined;
  /** Lines in files begin with the rank of their task. */
  readonly label: boolean;
  /** Output is passed on as it comes, without waiting for the end of a line. */
  readonly isUnbuffered: boolean;
  /** Each shell writes files of its own. */
  readonly isPerShell: boolean;
}

export interface OutputConfig {
  readonly stdout: StreamConfig;
  readonly stderr: StreamConfig;
  readonly mode: 'truncate' | 'append';
  /** Bytes of each stream that the KVS takes. */
  readonly limit: number;
  /** As people write it. */
  readonly limitText: string;
  readonly warnings: readonly string[];
}

interface StreamOption {
  type?: string;
  path?: string;
  label?: boolean;
  buffer?: { type?: string };
}

const largestLimit = 2 ** 30;

/** `isOwner`: the job is of the instance's owner, who may fill the KVS. */
export function outputConfig(options: unknown, shellCount: number, isOwner: boolean): OutputConfig {
  const output = (options ?? {}) as { stdout?: StreamOption; stderr?: StreamOption; mode?: string; limit?: unknown };
  const warnings: string[] = [];
  const { mode = 'truncate' } = output;
  if (mode !== 'truncate' && mode !== 'append') warnings.push(`ignoring invalid output.mode=${mode}`);
  const stream = (option: StreamOption, fallback: 'line' | 'none'): StreamConfig => {
    const template = option.type === 'kvs' ? undefined : option.path;
    const type = option.buffer?.type?.toLowerCase() ?? fallback;
    if (type !== 'none' && type !== 'line') warnings.push(`invalid buffer type specified: ${type}`);
    const differs = (path: string) => isPerShell(path) || isPerTask(path) || path.includes('{{tmpdir}}');
    return {
      template,
      label: option.label === true,
      isUnbuffered: type === 'none',
      isPerShell: template !== undefined && shellCount > 1 && differs(template),
    };
  };
  const { stdout = {}, stderr = {} } = output;
  // Errors go where output goes, but for the buffering.
  const { buffer: _, ...inherited } = stdout;
  return {
    stdout: stream(stdout, 'line'),
    stderr: stream({ ...inherited, ...stderr }, 'none'),
    mode: mode === 'append' ? 'append' : 'truncate',
    ...limit(output.limit, isOwner ? '1G' : '10M', warnings),
    warnings,
  };
}

function limit(value: unknown, fallback: string, warnings: string[]): { limit: number; limitText: string } {
  const text = value === undefined ? fallback : String(value);
  const bytes = parseSize(text);
  if (bytes !== undefined && bytes > 0 && bytes <= largestLimit) {
    return { limit: bytes, limitText: typeof value === 'number' ? printSize(bytes) : text };
  }
  warnings.push(`Invalid KVS output.limit=${text}`);
  return limit(undefined, fallback, warnings);
}

const units = ['', 'K', 'M', 'G'];

/** Bytes of `10M`; undefined when it is no size. */
function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kKMG]?)$/.exec(text);
  return match ? Math.floor(Number(match[1]) * 1024 ** units.indexOf(match[2]!.toUpperCase())) : undefined;
}

/** `1.5M`, with the largest unit that fits. */
export function printSize(bytes: number): string {
  const unit = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** unit).toPrecision(8))}${units[unit]}`;
}
