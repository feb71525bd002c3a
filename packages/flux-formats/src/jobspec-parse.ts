/** Reads and validates a jobspec: RFC 25. Every error names the place. */
import { parseConstraint } from './constraint.ts';
import { FormatError } from './format-error.ts';
import type { Jobspec, JobspecResource } from './jobspec.ts';
import { parseJson } from './json.ts';

type Fields = Record<string, unknown>;

/** A job of more than so many nodes, slots, cores or tasks is a mistake, and counting it would not be exact. */
const largestCount = 2 ** 31 - 1;

/**
 * The jobspec of a parsed value or JSON text.
 * @throws FormatError with `path`, such as `resources[0].with[0].count`, when it is not a valid version 1 jobspec
 */
export function parseJobspec(value: unknown): Jobspec {
  const jobspec = objectAt('jobspec', typeof value === 'string' ? parseText(value) : value);
  onlyKeys('', jobspec, ['resources', 'tasks', 'attributes', 'version']);
  if (jobspec['version'] !== 1) throw bad('version', 'must be 1', jobspec['version']);
  const label = checkResources(jobspec['resources']);
  checkTasks(jobspec['tasks'], label, jobspec['resources'] as JobspecResource[]);
  checkAttributes(objectAt('attributes', jobspec['attributes']));
  return jobspec as unknown as Jobspec;
}

function parseText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new FormatError('jobspec', text, `is not JSON: ${(error as Error).message}`);
  }
}

function checkResources(resources: unknown): string {
  const [top, ...more] = arrayAt('resources', resources);
  if (top === undefined || more.length > 0) throw bad('resources', 'must hold one resource', resources);
  const vertex = objectAt('resources[0]', top);
  if (vertex['type'] === 'slot') return checkSlot('resources[0]', vertex);
  if (vertex['type'] !== 'node') throw bad('resources[0].type', 'must be node or slot', vertex['type']);
  onlyKeys('resources[0]', vertex, ['type', 'count', 'with', 'exclusive', 'unit', 'id', 'label']);
  countAt('resources[0].count', vertex['count'], 1);
  if (vertex['exclusive'] !== undefined && typeof vertex['exclusive'] !== 'boolean') {
    throw bad('resources[0].exclusive', 'must be true or false', vertex['exclusive']);
  }
  const children = arrayAt('resources[0].with', vertex['with']);
  if (children.length !== 1) throw bad('resources[0].with', 'must hold one slot', children);
  const slot = objectAt('resources[0].with[0]', children[0]);
  if (slot['type'] !== 'slot') throw bad('resources[0].with[0].type', 'must be slot under a node', slot['type']);
  return checkSlot('resources[0].with[0]', slot);
}

function checkSlot(path: string, slot: Fields): string {
  onlyKeys(path, slot, ['type', 'count', 'label', 'with', 'unit', 'id', 'exclusive']);
  countAt(`${path}.count`, slot['count'], 1);
  const label = textAt(`${path}.label`, slot['label']);
  const children = arrayAt(`${path}.with`, slot['with']);
  const seen = new Set<unknown>();
  for (const [index, child] of children.entries()) {
    const where = `${path}.with[${index}]`;
    const resource = objectAt(where, child);
    const { type } = resource;
    if (type !== 'core' && type !== 'gpu') throw bad(`${where}.type`, 'must be core or gpu under a slot', type);
    if (seen.has(type)) throw bad(`${where}.type`, 'stands twice in one slot', type);
    seen.add(type);
    onlyKeys(where, resource, ['type', 'count', 'unit', 'id', 'label', 'exclusive']);
    countAt(`${where}.count`, resource['count'], type === 'core' ? 1 : 0);
  }
  if (!seen.has('core')) throw bad(`${path}.with`, 'must hold a core', children);
  return label;
}

function checkTasks(tasks: unknown, slotLabel: string, resources: JobspecResource[]): void {
  const entries = arrayAt('tasks', tasks);
  if (entries.length !== 1) throw bad('tasks', 'must hold one task', tasks);
  const task = objectAt('tasks[0]', entries[0]);
  onlyKeys('tasks[0]', task, ['command', 'slot', 'count', 'attributes', 'distribution']);
  const command = arrayAt('tasks[0].command', task['command']);
  if (command.length === 0) throw bad('tasks[0].command', 'must name a program', command);
  for (const [index, word] of command.entries()) {
    if (typeof word !== 'string') throw bad(`tasks[0].command[${index}]`, 'must be a string', word);
  }
  if (textAt('tasks[0].slot', task['slot']) !== slotLabel) {
    throw bad('tasks[0].slot', `must be the label of the slot, ${JSON.stringify(slotLabel)}`, task['slot']);
  }
  const count = objectAt('tasks[0].count', task['count']);
  const [kind, ...more] = Object.keys(count);
  if ((kind !== 'per_slot' && kind !== 'total') || more.length > 0) {
    throw bad('tasks[0].count', 'must hold either per_slot or total', count);
  }
  countAt(`tasks[0].count.${kind}`, count[kind], 1);
  if (kind !== 'total') return;
  const [top] = resources;
  const nodes = top!.type === 'node' ? top!.count : 1;
  const total = count['total'] as number;
  // More tasks than slots are in order: instances with more brokers than nodes are made so.
  if (total < nodes) throw bad('tasks[0].count.total', `must be ${nodes}, the number of nodes, or more`, total);
}

function checkAttributes(attributes: Fields): void {
  onlyKeys('attributes', attributes, ['system', 'user']);
  if (attributes['user'] !== undefined) objectAt('attributes.user', attributes['user']);
  const system = objectAt('attributes.system', attributes['system']);
  const at = (name: string) => `attributes.system.${name}`;
  const { duration } = system;
  if (typeof duration !== 'number' || !(duration >= 0) || !Number.isFinite(duration)) {
    throw bad(at('duration'), 'must be a number of seconds, 0 or more', duration);
  }
  for (const name of ['cwd', 'queue', 'bank', 'project']) {
    if (system[name] !== undefined) textAt(at(name), system[name]);
  }
  if (system['environment'] !== undefined) {
    for (const [name, value] of Object.entries(objectAt(at('environment'), system['environment']))) {
      if (typeof value !== 'string') throw bad(at(`environment.${name}`), 'must be a string', value);
    }
  }
  if (system['job'] !== undefined) {
    const job = objectAt(at('job'), system['job']);
    if (job['name'] !== undefined) textAt(at('job.name'), job['name']);
  }
  if (system['constraints'] !== undefined) parseConstraint(system['constraints'], at('constraints'));
  if (system['dependencies'] !== undefined) checkDependencies(at('dependencies'), system['dependencies']);
  if (system['shell'] !== undefined) {
    const shell = objectAt(at('shell'), system['shell']);
    if (shell['options'] !== undefined) objectAt(at('shell.options'), shell['options']);
  }
  if (system['files'] !== undefined) {
    for (const [name, file] of Object.entries(objectAt(at('files'), system['files']))) {
      const { mode } = objectAt(at(`files.${name}`), file);
      if (!Number.isInteger(mode)) throw bad(at(`files.${name}.mode`), 'must be a file mode', mode);
    }
  }
}

function checkDependencies(path: string, dependencies: unknown): void {
  for (const [index, entry] of arrayAt(path, dependencies).entries()) {
    const dependency = objectAt(`${path}[${index}]`, entry);
    textAt(`${path}[${index}].scheme`, dependency['scheme']);
    if (typeof dependency['value'] !== 'string') {
      throw bad(`${path}[${index}].value`, 'must be a string', dependency['value']);
    }
  }
}

function bad(path: string, problem: string, found: unknown): FormatError {
  return found === undefined
    ? FormatError.at('jobspec', path, `is missing: it ${problem}`)
    : FormatError.at('jobspec', path, problem, found);
}

function objectAt(path: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, 'must be an object', value);
  return value as Fields;
}

function arrayAt(path: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw bad(path, 'must be an array', value);
  return value;
}

function textAt(path: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw bad(path, 'must be a word', value);
  return value;
}

function countAt(path: string, value: unknown, smallest: number): void {
  if (!Number.isInteger(value) || (value as number) < smallest || (value as number) > largestCount) {
    throw bad(path, `must be an integer from ${smallest} to ${largestCount}`, value);
  }
}

function onlyKeys(path: string, object: Fields, keys: readonly string[]): void {
  for (const key of Object.keys(object)) {
    if (!keys.includes(key)) {
      throw FormatError.at('jobspec', path === '' ? key : `${path}.${key}`, `is unknown: use ${keys.join(', ')}`);
    }
  }
}
