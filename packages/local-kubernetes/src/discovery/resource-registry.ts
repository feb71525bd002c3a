// Which kinds are served at this moment: the built-in ones, and those of CustomResourceDefinitions as they come and go.

import type { Kind } from '../kinds/kind.ts';

/** One served version of a group. */
export interface ServedVersion {
  readonly group: string;
  readonly version: string;
  readonly kinds: readonly Kind[];
}

export class ResourceRegistry {
  readonly #builtIn: readonly Kind[];
  readonly #custom = new Map<string, readonly Kind[]>();
  #byPath = new Map<string, Kind>();
  #generation = 0;

  constructor(builtIn: readonly Kind[]) {
    this.#builtIn = builtIn;
    this.#index();
  }

  /** Rises with each change; what was computed for one number stays true while it holds. */
  get generation(): number {
    return this.#generation;
  }

  /** @param kinds the versions of a custom resource, in place of those it had before; those that are not served are known */
  setCustom(definition: string, kinds: readonly Kind[]): void {
    this.#custom.set(definition, kinds);
    this.#index();
  }

  removeCustom(definition: string): void {
    if (this.#custom.delete(definition)) this.#index();
  }

  isCustom(kind: Kind): boolean {
    return this.#custom.has(`${kind.plural}.${kind.group}`);
  }

  find(group: string, version: string, plural: string): Kind | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  /** A version of a resource, served or not. */
  findDefined(group: string, version: string, plural: string): Kind | undefined {
    const ofDefinition = this.#custom.get(`${plural}.${group}`);
    return this.find(group, version, plural) ?? ofDefinition?.find((kind) => kind.version === version);
  }

  findKind(group: string, version: string, name: string): Kind | undefined {
    return this.kinds().find((kind) => kind.kind === name && kind.group === group && kind.version === version);
  }

  /** Any served version of a resource; the built-in or storage one first. */
  findResource(group: string, plural: string): Kind | undefined {
    return this.kinds().find((kind) => kind.group === group && kind.plural === plural);
  }

  kinds(): Kind[] {
    return [...this.#byPath.values()];
  }

  /** Groups in the order they were registered, each with its versions by falling priority. */
  groups(): Map<string, ServedVersion[]> {
    const groups = new Map<string, Map<string, Kind[]>>();
    for (const kind of this.#byPath.values()) {
      const versions = groups.get(kind.group) ?? new Map<string, Kind[]>();
      groups.set(kind.group, versions);
      const kinds = versions.get(kind.version) ?? [];
      versions.set(kind.version, kinds);
      kinds.push(kind);
    }
    const served = new Map<string, ServedVersion[]>();
    for (const [group, versions] of groups) {
      const list = [...versions].map(([version, kinds]) => ({ group, version, kinds }));
      served.set(
        group,
        list.sort((a, b) => compareVersions(b.version, a.version)),
      );
    }
    return served;
  }

  #index(): void {
    this.#byPath = new Map();
    for (const kind of [...this.#builtIn, ...[...this.#custom.values()].flat()]) {
      if (kind.unserved) continue;
      const key = `${kind.group}/${kind.version}/${kind.plural}`;
      if (!this.#byPath.has(key)) this.#byPath.set(key, kind);
    }
    this.#generation++;
  }
}

/** Kubernetes' version priority: v2 > v1 > v1beta2 > v1beta1 > v1alpha1 > anything else, in alphabetical order. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [rank(a), rank(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (x[index] as number) - (y[index] as number);
    if (difference !== 0) return difference;
  }
  return a < b ? 1 : a > b ? -1 : 0;
}

function rank(version: string): [stability: number, major: number, minor: number] {
  const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!found) return [0, 0, 0];
  const stability = found[2] === undefined ? 3 : found[2] === 'beta' ? 2 : 1;
  return [stability, Number(found[1]), Number(found[3] ?? 0)];
}
