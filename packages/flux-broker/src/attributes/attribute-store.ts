// The attributes of one broker. Effects of a change are the observers' business.
import type { Attributes } from '../module.ts';
import { AttributeFlag, attributeFlags } from './attribute-table.ts';

/** A refusal, with the text `flux` prints after the attribute's name. */
export class AttributeError extends Error {
  override readonly name = 'AttributeError';
  readonly code: 'ENOENT' | 'EINVAL' | 'EPERM';

  constructor(code: AttributeError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface Entry {
  value: string | undefined;
  flags: number;
}

export class AttributeStore implements Attributes {
  readonly #entries = new Map<string, Entry>();
  readonly #observers = new Map<string, Set<(value: string | undefined) => void>>();

  get(name: string): string | undefined {
    return this.#entries.get(name)?.value;
  }

  /** The value with its flags; a name that is listed without a value has none. */
  entry(name: string): Readonly<Entry> | undefined {
    return this.#entries.get(name);
  }

  set(name: string, value: string | undefined, options: { immutable?: boolean } = {}): void {
    const known = attributeFlags(name) ?? 0;
    const flags = options.immutable ? known | AttributeFlag.immutable : known;
    this.#entries.set(name, { value, flags });
    for (const observer of this.#observers.get(name) ?? []) observer(value);
  }

  /** Sets only what is not set yet. */
  setDefault(name: string, value: string | undefined): void {
    if (!this.#entries.has(name)) this.set(name, value);
  }

  /** `-S NAME=VALUE`. @throws {AttributeError} for an unknown name or one that the broker sets itself. */
  setFromCommandLine(name: string, value: string | undefined): void {
    const flags = attributeFlags(name);
    if (flags === undefined) throw new AttributeError('ENOENT', 'unknown attribute');
    if (flags & AttributeFlag.readonly) {
      throw new AttributeError('EINVAL', 'attribute may not be set on the command line');
    }
    this.set(name, value);
  }

  /** `flux setattr [--force] NAME VALUE`. @throws {AttributeError} */
  setByClient(name: string, value: string, force: boolean): void {
    const flags = attributeFlags(name);
    if (flags === undefined) throw new AttributeError('ENOENT', 'unknown attribute');
    if (this.#entries.has(name) && !force && !(flags & AttributeFlag.runtime)) {
      throw new AttributeError('EINVAL', 'attribute may not be updated');
    }
    this.set(name, value);
  }

  remove(name: string): void {
    if (!this.#entries.delete(name)) return;
    for (const observer of this.#observers.get(name) ?? []) observer(undefined);
  }

  /** @throws {AttributeError} for an immutable attribute. */
  removeByClient(name: string): void {
    const entry = this.#entries.get(name);
    if (entry && entry.flags & AttributeFlag.immutable) throw new AttributeError('EPERM', 'attribute is immutable');
    this.remove(name);
  }

  names(): string[] {
    return [...this.#entries.keys()].sort();
  }

  observe(name: string, callback: (value: string | undefined) => void): () => void {
    let observers = this.#observers.get(name);
    if (!observers) this.#observers.set(name, (observers = new Set()));
    observers.add(callback);
    return () => observers.delete(callback);
  }
}
