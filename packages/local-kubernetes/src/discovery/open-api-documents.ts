// OpenAPI v3, a document for each group version, and v2 of all, made when asked for and kept while nothing changes.

import { createHash } from 'node:crypto';
import type { Kind } from '../kinds/kind.ts';
import { openApiV3 } from '../kinds/open-api.ts';
import type { ResourceRegistry } from './resource-registry.ts';
import { type SwaggerDocument, swaggerOf } from './swagger.ts';
import { swaggerProtobuf } from './swagger-protobuf.ts';

interface Kept {
  readonly kinds: readonly Kind[];
  readonly text: string;
  readonly hash: string;
}

export class OpenApiDocuments {
  readonly #resources: ResourceRegistry;
  readonly #documents = new Map<string, Kept>();
  #swagger: { readonly generation: number; readonly text: string; readonly protobuf: Buffer } | undefined;

  constructor(resources: ResourceRegistry) {
    this.#resources = resources;
  }

  /** The answer of /openapi/v3: where each document is, with a hash that changes with it. */
  index(): object {
    const paths: Record<string, { serverRelativeURL: string }> = {};
    for (const versions of this.#resources.groups().values()) {
      for (const { group, version } of versions) {
        const path = group ? `apis/${group}/${version}` : `api/${version}`;
        paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${this.#find(path)?.hash}` };
      }
    }
    return { paths };
  }

  /** The document of `api/v1` or `apis/GROUP/VERSION`; undefined when that is not served. */
  document(path: string): string | undefined {
    return this.#find(path)?.text;
  }

  /** OpenAPI v2 of everything, as older clients want it: in JSON, and in protobuf. */
  swagger(): { readonly text: string; readonly protobuf: Buffer } {
    const { generation } = this.#resources;
    if (this.#swagger?.generation !== generation) {
      const document = this.#swaggerDocument();
      this.#swagger = { generation, text: JSON.stringify(document), protobuf: swaggerProtobuf(document) };
    }
    return this.#swagger;
  }

  #swaggerDocument(): SwaggerDocument {
    const versions = [...this.#resources.groups().values()].flat();
    return swaggerOf(versions.map((served) => openApiV3(served, served.kinds)));
  }

  #find(path: string): Kept | undefined {
    const [root, first = '', second = '', ...rest] = path.split('/');
    if (rest.length > 0 || (root !== 'api' && root !== 'apis')) return undefined;
    const [group, version] = root === 'api' ? ['', first] : [first, second];
    const served = this.#resources
      .groups()
      .get(group)
      ?.find((each) => each.version === version);
    return served && this.#keep(path, served.kinds, () => openApiV3({ group, version }, served.kinds));
  }

  #keep(path: string, kinds: readonly Kind[], make: () => object): Kept {
    const kept = this.#documents.get(path);
    if (kept?.kinds.length === kinds.length && kept.kinds.every((kind, index) => kind === kinds[index])) return kept;
    const text = JSON.stringify(make());
    const hash = createHash('sha256').update(text).digest('hex').toUpperCase();
    const made = { kinds, text, hash };
    this.#documents.set(path, made);
    return made;
  }
}
