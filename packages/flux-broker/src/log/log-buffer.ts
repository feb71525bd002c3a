// The broker's log: a ring of recent lines, and where a line goes from here (flux-core: broker/log.c). Lines of this
// rank stay in the ring; severe ones travel to rank 0.
import type { Request } from '@ebb/flux-client';
import type { AttributeStore } from '../attributes/attribute-store.ts';
import { LogLevel } from '../module.ts';
import { Watchers } from '../services/watchers.ts';
import { type LogLine, logTimestamp, parseLogLine, printLogLine, showLogLine, showStampedLine } from './log-line.ts';

export interface LogOptions {
  rank: number;
  attributes: AttributeStore;
  now(): number;
  /** Standard error of the broker; undefined keeps quiet. */
  stderr: ((line: string) => void) | undefined;
  /** Appends to the file of attribute `log-filename` on rank 0. */
  file?: ((line: string) => void) | undefined;
  /** Sends a raw line to rank 0. False when there is no way to it: then the line is shown here. */
  forward(line: string): boolean;
}

/** The log levels and their defaults (flux-broker-attributes(7)). */
export const logDefaults: Readonly<Record<string, string>> = {
  'log-level': '7',
  'log-stderr-level': String(LogLevel.err),
  'log-forward-level': String(LogLevel.err),
  'log-critical-level': String(LogLevel.crit),
  'log-syslog-level': String(LogLevel.err),
  'log-syslog-enable': '0',
  'log-stderr-mode': 'leader',
  'log-ring-size': '1024',
};

/** Reads a level attribute; negative matches nothing. @throws {RangeError} with the attribute's name. */
export function parseLogLevel(name: string, text: string): number {
  const level = /^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(level <= LogLevel.debug)) throw new RangeError(`${name}: Invalid argument`);
  return level;
}

export class LogBuffer {
  readonly followers = new Watchers();
  readonly #options: LogOptions;
  readonly #listeners = new Set<(line: string) => void>();
  #ring: string[] = [];
  #count = 0;
  #received = { local: 0, remote: 0 };
  #levels!: { ring: number; stderr: number; forward: number; critical: number; isLocal: boolean; ringSize: number };

  /** Sets the log attributes that are not set yet. @throws {RangeError} for a bad value. */
  constructor(options: LogOptions) {
    this.#options = options;
    const { attributes } = options;
    for (const [name, value] of Object.entries(logDefaults)) attributes.setDefault(name, value);
    this.#readLevels();
    attributes.observe('log-stderr-level', () => this.#readLevels());
  }

  /** A line of this broker. */
  log(app: string, severity: number, message: string): void {
    const timestamp = logTimestamp(this.#options.now());
    this.#take({ severity, timestamp, rank: String(this.#options.rank), app, message });
  }

  /** A raw line from a program or another broker. Text that is no log line is kept as it is, as info. */
  append(raw: string): void {
    const text = raw.replace(/\0$/, '');
    const line = parseLogLine(text);
    if (line) this.#take(line);
    else this.log('unknown', LogLevel.info, text);
  }

  /** `log.dmesg`: the ring, then what comes if the client follows. */
  dmesg(request: Request, follow: boolean, withBacklog: boolean): void {
    if (withBacklog) for (const line of this.#ring) request.respondRaw(Buffer.from(`${line}\0`));
    if (follow) this.followers.add(request, undefined);
    else request.respondError('ENODATA');
  }

  /** Calls back for each line kept from now on; returns the way to stop it. */
  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#ring = [];
  }

  stats(): object {
    return { 'ring-used': this.#ring.length, count: this.#count, ...this.#received };
  }

  #take(line: LogLine): void {
    const { rank, stderr, file, forward } = this.#options;
    const { ring, stderr: stderrLevel, critical, forward: forwardLevel, isLocal } = this.#levels;
    const { severity } = line;
    const isOwn = line.rank === String(rank);
    this.#received[isOwn ? 'local' : 'remote']++;
    if (isOwn && severity <= ring) this.#keep(printLogLine(line));
    const isShownHere = isOwn && (severity <= critical || (isLocal && severity <= stderrLevel));
    if (isShownHere) stderr?.(isLocal ? `<${severity}>${showLogLine(line)}` : showStampedLine(line));
    if (rank === 0) file?.(showStampedLine(line));
    else if (severity <= forwardLevel && !forward(printLogLine(line)) && !isShownHere && severity <= stderrLevel) {
      stderr?.(showStampedLine(line));
    }
    if (!isShownHere && rank === 0 && !isLocal && severity <= stderrLevel) stderr?.(showStampedLine(line));
  }

  #keep(text: string): void {
    this.#count++;
    const { ringSize } = this.#levels;
    if (ringSize === 0) return;
    this.#ring.push(text);
    if (this.#ring.length > ringSize * 1.25) this.#ring = this.#ring.slice(-ringSize);
    for (const listener of this.#listeners) listener(text);
    if (this.followers.size === 0) return;
    for (const [request] of this.followers) request.respondRaw(Buffer.from(`${text}\0`));
  }

  #readLevels(): void {
    const read = (name: string) => this.#options.attributes.get(name) ?? logDefaults[name]!;
    const level = (name: string) => parseLogLevel(name, read(name));
    const mode = read('log-stderr-mode');
    if (mode !== 'local' && mode !== 'leader') throw new RangeError('log-stderr-mode: must be local or leader');
    const ringSize = Number(read('log-ring-size'));
    if (!Number.isInteger(ringSize) || ringSize < 0) throw new RangeError('log-ring-size: Invalid argument');
    this.#levels = {
      ring: level('log-level'),
      stderr: level('log-stderr-level'),
      forward: level('log-forward-level'),
      critical: level('log-critical-level'),
      isLocal: mode === 'local',
      ringSize,
    };
  }
}
