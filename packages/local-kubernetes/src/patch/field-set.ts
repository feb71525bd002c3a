/**
 * Sets of fields of an object, in the form of fieldsV1: a tree whose steps are `f:name` for a member, `k:{...}` for an
 * item of a list map, `v:...` for an item of a set and `i:0` for an index. Immutable but for the builder functions.
 */
import { setOwn } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';

export type Step = string;

export const fieldStep = (name: string): Step => `f:${name}`;
export const valueStep = (value: unknown): Step => `v:${JSON.stringify(value)}`;

/** The keys in order of their names. */
export function keyStep(key: JsonObject): Step {
  const sorted = Object.fromEntries(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `k:${JSON.stringify(sorted)}`;
}

/** Deeper sets are refused: nobody's objects are. */
const deepest = 500;

export class FieldSet {
  readonly members = new Set<Step>();
  readonly children = new Map<Step, FieldSet>();

  static of(...paths: readonly Step[][]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }

  /**
   * Steps of sorts that are not known are passed over. Facts: sigs.k8s.io/structured-merge-diff fieldpath/serialize.go.
   * @returns undefined where the value is not in the form of fieldsV1
   */
  static fromFieldsV1(fields: unknown, depth = 0): FieldSet | undefined {
    const set = new FieldSet();
    if (fields === null || fields === undefined) return set;
    if (!isObject(fields) || depth > deepest) return undefined;
    for (const [step, below] of Object.entries(fields)) {
      if (step === '.' || /^[^fkvi]:/s.test(step)) continue;
      const normal = normalStep(step);
      const child = FieldSet.fromFieldsV1(below, depth + 1);
      if (normal === undefined || !child) return undefined;
      if (!isObject(below) || Object.keys(below).length === 0 || '.' in below) set.members.add(normal);
      if (!child.isEmpty) set.children.set(normal, child);
    }
    return set;
  }

  get isEmpty(): boolean {
    if (this.members.size > 0) return false;
    for (const child of this.children.values()) if (!child.isEmpty) return false;
    return true;
  }

  insert(path: readonly Step[]): void {
    const [step, ...rest] = path;
    if (step === undefined) return;
    if (rest.length === 0) this.members.add(step);
    else this.child(step).insert(rest);
  }

  /** The subtree under a step, made when missing. */
  child(step: Step): FieldSet {
    let child = this.children.get(step);
    if (!child) {
      child = new FieldSet();
      this.children.set(step, child);
    }
    return child;
  }

  has(path: readonly Step[]): boolean {
    const [step, ...rest] = path;
    if (step === undefined) return false;
    if (rest.length === 0) return this.members.has(step);
    return this.children.get(step)?.has(rest) ?? false;
  }

  union(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const set of [this, other]) for (const step of set.members) result.members.add(step);
    for (const step of new Set([...this.children.keys(), ...other.children.keys()])) {
      const mine = this.children.get(step);
      const theirs = other.children.get(step);
      result.children.set(step, mine && theirs ? mine.union(theirs) : (mine ?? theirs)!);
    }
    return result;
  }

  intersect(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const step of this.members) if (other.members.has(step)) result.members.add(step);
    for (const [step, child] of this.children) {
      const theirs = other.children.get(step);
      const common = theirs && child.intersect(theirs);
      if (common && !common.isEmpty) result.children.set(step, common);
    }
    return result;
  }

  /** Without the very paths of the other set; what is below them stays. */
  subtract(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const step of this.members) if (!other.members.has(step)) result.members.add(step);
    for (const [step, child] of this.children) {
      const theirs = other.children.get(step);
      const rest = theirs ? child.subtract(theirs) : child;
      if (!rest.isEmpty) result.children.set(step, rest);
    }
    return result;
  }

  /** Without the paths of the other set and everything below them. */
  subtractTrees(other: FieldSet): FieldSet {
    const result = new FieldSet();
    for (const step of this.members) if (!other.members.has(step)) result.members.add(step);
    for (const [step, child] of this.children) {
      if (other.members.has(step)) continue;
      const theirs = other.children.get(step);
      const rest = theirs ? child.subtractTrees(theirs) : child;
      if (!rest.isEmpty) result.children.set(step, rest);
    }
    return result;
  }

  equals(other: FieldSet): boolean {
    return this.subtract(other).isEmpty && other.subtract(this).isEmpty;
  }

  /** All paths: the members of a level, sorted, before what is below them. */
  paths(): Step[][] {
    const paths: Step[][] = [];
    for (const step of [...this.members].sort()) paths.push([step]);
    for (const step of [...this.children.keys()].sort()) {
      for (const rest of this.children.get(step)!.paths()) paths.push([step, ...rest]);
    }
    return paths;
  }

  toFieldsV1(): JsonObject {
    const fields: JsonObject = {};
    for (const step of this.#steps()) {
      const child = this.children.get(step);
      const below = child && !child.isEmpty ? child.toFieldsV1() : {};
      const isMember = this.members.has(step);
      if (!isMember && Object.keys(below).length === 0) continue;
      const value = isMember && Object.keys(below).length > 0 ? { '.': {}, ...below } : below;
      setOwn(fields, step, value);
    }
    return fields;
  }

  #steps(): Step[] {
    const steps = new Set([...this.members, ...this.children.keys()]);
    return [...steps].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

/** @returns undefined for what is no step */
function normalStep(step: string): Step | undefined {
  if (step.startsWith('f:')) return step;
  if (step.startsWith('i:')) return /^i:[+-]?\d+$/.test(step) ? step : undefined;
  try {
    const value: unknown = JSON.parse(step.slice(2));
    if (step.startsWith('v:')) return step;
    return step.startsWith('k:') && isObject(value) ? keyStep(value) : undefined;
  } catch {
    return undefined;
  }
}

/** `.spec.containers[name="nginx"].image` */
export function printPath(path: readonly Step[]): string {
  return path
    .map((step) => {
      const text = step.slice(2);
      if (step.startsWith('f:')) return `.${text}`;
      if (step.startsWith('v:')) return `[=${text}]`;
      if (step.startsWith('i:')) return `[${text}]`;
      const key = Object.entries(JSON.parse(text) as JsonObject);
      return `[${key.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}
