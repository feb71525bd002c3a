/**
 * The record of a running instance: which process runs it and how to reach it. A process is told from a later one with
 * the same number by its start time, so a record left by kill -9 is never taken for a living instance.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface InstanceRecord {
  readonly pid: number;
  /** The process's start in clock ticks since boot, field 22 of /proc/PID/stat. */
  readonly startTicks: string;
  readonly kubeconfigPath: string;
  readonly url: string;
  /** ISO 8601 time at which the instance was ready. */
  readonly since: string;
}

/** Reads the record; undefined when there is none or it is not whole. */
export function readRecord(path: string): InstanceRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as InstanceRecord;
    return typeof record.pid === 'number' && typeof record.kubeconfigPath === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the record in one step: a reader sees the old one or the new one. */
export function writeRecord(path: string, record: InstanceRecord): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function removeRecord(path: string): void {
  rmSync(path, { force: true });
}

/** Whether the recorded process is the one that runs under its number now. */
export function isRunning(record: InstanceRecord): boolean {
  return startTicksOf(record.pid) === record.startTicks;
}

/** Start time of a process in clock ticks since boot; undefined when there is no such process. */
export function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name in parentheses may hold anything; the fields after the last one are plain.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
