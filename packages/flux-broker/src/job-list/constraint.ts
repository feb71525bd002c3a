// Constraints on listed jobs: the form of RFC 31 with the operators of RFC 43.
import { JobResult, JobState } from '@ebb/flux-client';
import { type FormatError, Idset, parseHostlist } from '@ebb/flux-formats';
import type { ListedJob } from './job.ts';

/** Which jobs a request wants. */
export interface JobConstraint {
  matches(job: ListedJob): boolean;
  /** States outside of which no job matches: whole lists need not be searched. */
  readonly mayMatch: number;
  /** States in which every job matches. */
  readonly mustMatch: number;
}

/** What a constraint needs to know beside the job. */
export interface ConstraintContext {
  /** The queue that a virtual queue belongs to (RFC 33). */
  parentQueue(queue: string): string | undefined;
}

/** A constraint that cannot be understood; the text is fit for the one who asked. */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
}

const allStates = 0x7f;
const deepest = 64;
const anyUser = 0xffffffff;
const timeStates = {
  t_submit: allStates,
  t_depend: allStates,
  t_priority: allStates,
  t_sched: allStates,
  t_run: JobState.Run | JobState.Cleanup | JobState.Inactive,
  t_cleanup: JobState.Cleanup | JobState.Inactive,
  t_inactive: JobState.Inactive,
} as const;
type TimeName = keyof typeof timeStates;

const everyJob: JobConstraint = { matches: () => true, mayMatch: allStates, mustMatch: allStates };

/** @throws ConstraintError */
export function parseJobConstraint(value: unknown, context: ConstraintContext, depth = 0): JobConstraint {
  if (value === undefined) return everyJob;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConstraintError('constraint must be JSON object');
  }
  if (depth > deepest) throw new ConstraintError(`constraint is nested deeper than ${deepest}`);
  const entries = Object.entries(value as object);
  if (entries.length > 1) throw new ConstraintError('constraint must only contain 1 element');
  const [entry] = entries;
  if (!entry) return everyJob;
  const [operator, values] = entry as [string, unknown];
  if (!Array.isArray(values)) throw new ConstraintError(`operator ${operator} values not an array`);
  switch (operator) {
    case 'and':
    case 'or':
    case 'not':
      return combine(
        operator,
        values.map((each) => parseJobConstraint(each, context, depth + 1)),
      );
    case 'userid':
      return userid(values);
    case 'name': {
      const names = new Set(strings('name', values));
      return onJob((job) => job.name !== undefined && names.has(job.name));
    }
    case 'queue':
      return queue(values, context);
    case 'states':
      return states(values);
    case 'results':
      return results(values);
    case 'hostlist':
      return hosts(values);
    case 'ranks':
      return ranks(values);
    default:
      if (Object.hasOwn(timeStates, operator)) return time(operator as TimeName, values);
      throw new ConstraintError(`unknown constraint operator: ${operator}`);
  }
}

function onJob(matches: (job: ListedJob) => boolean, mayMatch: number = allStates): JobConstraint {
  return { matches, mayMatch, mustMatch: 0 };
}

function combine(operator: 'and' | 'or' | 'not', parts: readonly JobConstraint[]): JobConstraint {
  if (operator === 'or') {
    if (parts.length === 0) return everyJob;
    return {
      matches: (job) => parts.some((part) => part.matches(job)),
      mayMatch: parts.reduce((all, part) => all | part.mayMatch, 0),
      mustMatch: parts.reduce((all, part) => all | part.mustMatch, 0),
    };
  }
  const and = {
    matches: (job: ListedJob) => parts.every((part) => part.matches(job)),
    mayMatch: parts.reduce((all, part) => all & part.mayMatch, allStates),
    mustMatch: parts.reduce((all, part) => all & part.mustMatch, allStates),
  };
  if (operator === 'and') return and;
  return {
    matches: (job) => !and.matches(job),
    mayMatch: allStates & ~and.mustMatch,
    mustMatch: allStates & ~and.mayMatch,
  };
}

function userid(values: readonly unknown[]): JobConstraint {
  if (!values.every(Number.isInteger)) throw new ConstraintError('userid value must be an integer');
  const ids = new Set(values.map((value) => Number(value) >>> 0));
  return onJob((job) => ids.has(job.userid) || ids.has(anyUser));
}

// A constraint on a queue also means the jobs of its virtual queues, which are scheduled with its own.
function queue(values: readonly unknown[], context: ConstraintContext): JobConstraint {
  const names = new Set(strings('queue', values));
  return onJob((job) => {
    if (job.queue === undefined) return false;
    if (names.has(job.queue)) return true;
    const parent = context.parentQueue(job.queue);
    return parent !== undefined && names.has(parent);
  });
}

function states(values: readonly unknown[]): JobConstraint {
  const wanted = mask('states', values, JobState);
  return { matches: (job) => (job.state & wanted) !== 0, mayMatch: wanted, mustMatch: wanted };
}

function results(values: readonly unknown[]): JobConstraint {
  const wanted = mask('results', values, JobResult);
  return onJob((job) => job.state === JobState.Inactive && (job.result & wanted) !== 0, JobState.Inactive);
}

const shortNames: Readonly<Record<string, string>> = {
  N: 'New',
  D: 'Depend',
  P: 'Priority',
  S: 'Sched',
  R: 'Run',
  C: 'Cleanup',
  I: 'Inactive',
  CD: 'Completed',
  F: 'Failed',
  CA: 'Canceled',
  TO: 'Timeout',
};

function mask(operator: string, values: readonly unknown[], bits: Readonly<Record<string, number>>): number {
  const all = Object.values(bits).reduce((sum, bit) => sum | bit, 0);
  let result = 0;
  for (const value of values) {
    if (typeof value === 'string') {
      const name = shortNames[value.toUpperCase()] ?? value.slice(0, 1).toUpperCase() + value.slice(1).toLowerCase();
      const bit = Object.hasOwn(bits, name) ? bits[name] : undefined;
      if (bit === undefined) throw new ConstraintError(`invalid ${operator} value '${value}' specified`);
      result |= bit;
    } else if (typeof value === 'number' && Number.isInteger(value)) {
      if (value & ~all)
        throw new ConstraintError(`invalid ${operator} value '${value.toString(16).toUpperCase()}h' specified`);
      result |= value;
    } else {
      throw new ConstraintError(`${operator} value invalid type`);
    }
  }
  return result;
}

function hosts(values: readonly unknown[]): JobConstraint {
  if (!values.every((value) => typeof value === 'string')) throw new ConstraintError('host value must be a string');
  const wanted = new Set<string>();
  for (const value of values) {
    try {
      for (const host of parseHostlist(value)) wanted.add(host);
    } catch {
      throw new ConstraintError('host value not in valid Hostlist format');
    }
  }
  return onJob((job) => job.nodelist !== undefined && parseHostlist(job.nodelist).some((host) => wanted.has(host)));
}

function ranks(values: readonly unknown[]): JobConstraint {
  let wanted = Idset.empty;
  for (const value of strings('ranks', values)) {
    try {
      wanted = wanted.union(Idset.parse(value));
    } catch (error) {
      throw new ConstraintError(`ranks value '${value}': ${(error as FormatError).problem}`);
    }
  }
  return onJob((job) => job.ranks !== undefined && Idset.parse(job.ranks).intersect(wanted).size > 0);
}

const comparisons: Readonly<Record<string, (time: number, limit: number) => boolean>> = {
  '>=': (time, limit) => time >= limit,
  '<=': (time, limit) => time <= limit,
  '>': (time, limit) => time > limit,
  '<': (time, limit) => time < limit,
};

function time(name: TimeName, [value]: readonly unknown[]): JobConstraint {
  if (value === undefined) throw new ConstraintError('timestamp value not specified');
  if (typeof value !== 'string') throw new ConstraintError(`${name} value must be a string`);
  const match = /^(>=|<=|>|<)(.*)$/s.exec(value);
  if (!match) throw new ConstraintError('timestamp comparison operator not specified');
  const limit = Number(match[2]);
  if (match[2]!.trim() === '' || Number.isNaN(limit)) throw new ConstraintError('Invalid timestamp value specified');
  if (limit < 0) throw new ConstraintError('timestamp value must be >= 0.0');
  const compare = comparisons[match[1]!]!;
  return onJob((job) => {
    const found = job[name];
    return found !== undefined && compare(found, limit);
  }, timeStates[name]);
}

function strings(operator: string, values: readonly unknown[]): readonly string[] {
  if (!values.every((value) => typeof value === 'string')) {
    throw new ConstraintError(`${operator} value must be a string`);
  }
  return values;
}
