// How jobs are ended: table [exec] of the configuration, and arguments of the module which go before it
// (flux-config-exec(5)).
import { constants } from 'node:os';
import { FluxError } from '@ebb/flux-client';
import { parseDuration } from '@ebb/flux-formats';
import type { ConfigObject } from '../module.ts';

export interface ExecConfig {
  readonly termSignal: number;
  readonly killSignal: number;
  /** Seconds from the first signal to the next one. */
  readonly killTimeout: number;
  /** Attempts after which the nodes of processes that do not end are drained. */
  readonly maxKillCount: number;
  /** Seconds after which they are, in place of the count; undefined: the count decides. */
  readonly maxKillTimeout: number | undefined;
  /** Percent of a job's duration that may pass before its start without its end being put off. */
  readonly maxStartDelayPercent: number;
}

/** Seconds between two attempts never grow beyond this. */
export const longestKillDelay = 300;

/** @throws FluxError EINVAL naming the key */
export function execConfig(config: ConfigObject, args: readonly string[] = []): ExecConfig {
  const table: Record<string, unknown> = { ...(config['exec'] as object | undefined) };
  for (const arg of args) {
    const equals = arg.indexOf('=');
    if (equals > 0) table[arg.slice(0, equals)] = arg.slice(equals + 1);
  }
  const maxKillCount = Number(table['max-kill-count'] ?? 8);
  if (!(Number.isInteger(maxKillCount) && maxKillCount > 0)) {
    throw new FluxError('EINVAL', `invalid max-kill-count=${table['max-kill-count']}`);
  }
  return {
    termSignal: signal(table, 'term-signal', 'SIGTERM'),
    killSignal: signal(table, 'kill-signal', 'SIGKILL'),
    killTimeout: duration(table, 'kill-timeout') ?? 5,
    maxKillCount,
    maxKillTimeout: duration(table, 'max-kill-timeout'),
    maxStartDelayPercent: Number(table['max-start-delay-percent'] ?? 25),
  };
}

/** Seconds from the first signal until nodes are drained. */
export function effectiveMaxKillTimeout({ killTimeout, maxKillCount, maxKillTimeout }: ExecConfig): number {
  if (maxKillTimeout !== undefined) return maxKillTimeout;
  let sum = killTimeout * 5;
  let delay = killTimeout;
  for (let attempt = 1; attempt < maxKillCount; attempt++) {
    sum += delay;
    delay = Math.min(delay * 2, longestKillDelay);
  }
  return sum;
}

function signal(table: Record<string, unknown>, key: string, fallback: keyof typeof constants.signals): number {
  const value = String(table[key] ?? fallback).toUpperCase();
  const name = value.startsWith('SIG') ? value : `SIG${value}`;
  const number = /^\d+$/.test(value) ? Number(value) : constants.signals[name as keyof typeof constants.signals];
  if (!number) throw new FluxError('EINVAL', `invalid ${key}: ${table[key]}`);
  return number;
}

function duration(table: Record<string, unknown>, key: string): number | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  try {
    const seconds = parseDuration(String(value));
    if (seconds > 0) return seconds;
  } catch {
    // Said below.
  }
  throw new FluxError('EINVAL', `invalid ${key}: ${value}`);
}
