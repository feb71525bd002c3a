/** Job constraints, RFC 31: which nodes a job may run on. */
import { FormatError } from './format-error.ts';
import { parseHostlist } from './hostlist.ts';
import { Idset } from './idset.ts';

/** One operator and its values; an empty object matches every node. */
export type ConstraintObject = Record<string, unknown[]>;

/** A node that a constraint is asked about. */
export interface ConstraintNode {
  rank: number;
  hostname: string;
  properties: { has(name: string): boolean };
}

/** A constraint made ready to be matched against many nodes. */
export type Constraint = (node: ConstraintNode) => boolean;

const deepest = 64;

/**
 * Compiles a constraint object. `path` is named in errors.
 * @throws FormatError for unknown operators, wrong values, or nesting deeper than 64
 */
export function parseConstraint(value: unknown, path = 'constraint', depth = 0): Constraint {
  const fail = (problem: string, found: unknown = value) => FormatError.at('constraint', path, problem, found);
  if (depth > deepest) throw fail(`is nested deeper than ${deepest}`, undefined);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail('must be an object');
  const [entry, ...more] = Object.entries(value);
  if (more.length > 0) throw fail('must hold one operator');
  if (!entry) return () => true;
  const [operator, values] = entry;
  const where = `${path}.${operator}`;
  if (!Array.isArray(values)) throw FormatError.at('constraint', where, 'must be an array', values);
  switch (operator) {
    case 'properties':
      return properties(values, where);
    case 'hostlist':
      return hostlist(values, where);
    case 'ranks':
      return ranks(values, where);
    case 'and':
    case 'or':
    case 'not':
      return logical(
        operator,
        values.map((each, index) => parseConstraint(each, `${where}[${index}]`, depth + 1)),
      );
    default:
      throw fail(`has an unknown operator ${JSON.stringify(operator)}: use properties, hostlist, ranks, and, or, not`);
  }
}

/** Whether a node fits. */
export function matchConstraint(constraint: Constraint, node: ConstraintNode): boolean {
  return constraint(node);
}

function logical(operator: 'and' | 'or' | 'not', parts: readonly Constraint[]): Constraint {
  if (operator === 'and') return (node) => parts.every((part) => part(node));
  if (operator === 'not') return (node) => !parts.every((part) => part(node));
  return (node) => parts.length === 0 || parts.some((part) => part(node));
}

function properties(values: readonly unknown[], path: string): Constraint {
  const terms = values.map((value, index) => {
    if (typeof value !== 'string') throw FormatError.at('constraint', `${path}[${index}]`, 'must be a string', value);
    const invalid = /[!&'"`|()]/.exec(value);
    if (invalid) {
      throw FormatError.at('constraint', `${path}[${index}]`, `must not hold the character ${invalid[0]}`, value);
    }
    return value.startsWith('^') ? { name: value.slice(1), wanted: false } : { name: value, wanted: true };
  });
  // A node's own name counts as one of its properties.
  return (node) => terms.every(({ name, wanted }) => (node.properties.has(name) || node.hostname === name) === wanted);
}

function hostlist(values: readonly unknown[], path: string): Constraint {
  const hosts = new Set(
    values.flatMap((value, index) => inside(`${path}[${index}]`, value, (text) => parseHostlist(text))),
  );
  return (node) => hosts.has(node.hostname);
}

function ranks(values: readonly unknown[], path: string): Constraint {
  const ids = values
    .map((value, index) => inside(`${path}[${index}]`, value, (text) => Idset.parse(text)))
    .reduce((all, each) => all.union(each), Idset.empty);
  return (node) => ids.has(node.rank);
}

function inside<T>(path: string, value: unknown, parse: (text: string) => T): T {
  if (typeof value !== 'string') throw FormatError.at('constraint', path, 'must be a string', value);
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof FormatError)
      throw FormatError.at('constraint', path, `is no ${error.format}: ${error.problem}`, value);
    throw error;
  }
}
