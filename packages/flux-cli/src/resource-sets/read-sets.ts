/** Resource sets from text: any number of objects, one after the other. RFC 20. */
import { FormatError, ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';

/** @throws CommandError when there is none, or something is no R */
export function readSets(text: string): ResourceSet[] {
  const sets = objectsIn(text).map((object) => {
    try {
      return ResourceSet.parse(JSON.parse(object));
    } catch (error) {
      if (error instanceof FormatError) throw new CommandError(`Failed to decode R on stdin: ${error.message}`);
      if (error instanceof SyntaxError) throw new CommandError(`Failed to read an R object: ${error.message}`);
      throw error;
    }
  });
  if (sets.length > 0) return sets;
  const near = /^\s*(\w+|\S)/.exec(text)?.[1];
  throw new CommandError(
    `Failed to read an R object: '[' or '{' expected near ${near === undefined ? 'end of file' : `'${near}'`}`,
  );
}

/** The texts of the objects; what follows and is none ends them. */
function objectsIn(text: string): string[] {
  const objects: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]|[^\s{}"]+/gs)) {
    if (depth === 0 && token !== '{') break;
    if (token === '{' && depth++ === 0) start = index;
    else if (token === '}' && --depth === 0) objects.push(text.slice(start, index + 1));
  }
  // One that does not end is for the parser to complain of.
  if (depth > 0) objects.push(text.slice(start));
  return objects;
}

/** For example `rank[0-3]/core[0-1],gpu0`. */
export function shortForm(set: ResourceSet): string {
  return set
    .toJSON()
    .execution.R_lite.map(({ rank, children }) => {
      const kinds = Object.entries(children).map(([kind, ids]) => kind + bracketed(ids));
      return `rank${bracketed(rank)}/${kinds.join(',')}`;
    })
    .join(' ');
}

const bracketed = (ids: string) => (/^\d+$/.test(ids) ? ids : `[${ids}]`);
