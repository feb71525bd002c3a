/** What the subcommands of `flux R` take. */
import type { COption, CSyntax } from '../options/c-options.ts';

const value = (name: string, key: string, shown: string, help: string): COption => ({
  name,
  key,
  takes: 'value',
  shown,
  help,
});

function syntax(name: string, usage: string, description: string, options: readonly COption[] = []): CSyntax {
  return { program: `flux-R ${name}`, usage, description, options };
}

export const syntaxes: Readonly<Record<string, CSyntax>> = {
  encode: syntax('encode', '[OPTIONS]...', '\nEncode RFC 20 R objects for testing.\n\nOptions:\n', [
    value(
      'ranks',
      'r',
      'IDSET',
      'Generate an R with ranks in IDSET. If not provided then either match the number of nodes given ' +
        ' in --hosts option, or emit a single rank: "0"',
    ),
    value(
      'cores',
      'c',
      'IDS',
      'Assign cores with IDS to each rank in R. Default is to assign a single core "0" to each rank.',
    ),
    value(
      'gpus',
      'g',
      'IDS',
      'Assign gpu resources with IDS to each rank in R. Default is to assign no gpu resources.',
    ),
    value(
      'hosts',
      'H',
      'HOSTS',
      'Generate R with nodelist set to HOSTS. By default, duplicate the local hostname to match the number of ' +
        'ranks given in --ranks.',
    ),
    value(
      'property',
      'p',
      'NAME[:RANKS]',
      'Assign property NAME to target ranks RANKS. If RANKS is not specified then the property applies to all ' +
        'defined ranks. This option may be specified multiple times for each property',
    ),
    { name: 'local', key: 'l', help: 'Generate child resources from local system' },
  ]),
  append: syntax(
    'append',
    '',
    'Append multiple R objects on stdin. Emits an error if resource sets are not\ndisjoint.',
  ),
  diff: syntax('diff', '', 'Return the set difference of multiple R objects on stdin. (i.e. (R1 - R2) - R3\n...)'),
  intersect: syntax('intersect', '', 'Return the intersection of all R objects on stdin'),
  remap: syntax(
    'remap',
    '',
    'Return the union of all R objects on stdin with ranks re-numbered starting from\nindex 0.',
  ),
  rerank: syntax(
    'rerank',
    'HOSTLIST',
    'Return the union of all R objects on stdin with ranks re-mapped  based on their\nindex in HOSTLIST.',
  ),
  decode: syntax(
    'decode',
    '[OPTIONS]...',
    '\nReturn the union of all R objects on stdin and print details or summary of the\nresult. By default an RFC 20 ' +
      'JSON object is emitted on stdout, unless one or\nmore options below are used\n\nOptions:\n',
    [
      { name: 'short', key: 's', help: 'Print short-form representation of R' },
      { name: 'nodelist', key: 'n', help: 'Print nodelist in hostlist form from R, if any' },
      { name: 'ranks', key: 'r', help: 'Print ranks in idset form from R, if any' },
      value('count', 'c', 'TYPE', 'Print count of resource TYPE in R (ranks, core, gpu)'),
      value('include', 'i', 'RANKS', 'Include only specified ranks.'),
      value('exclude', 'x', 'RANKS', 'Exclude specified ranks.'),
      value('properties', 'p', 'LIST', 'Filter on properties'),
    ],
  ),
  verify: syntax(
    'verify',
    '',
    'Takes 2 R objects on stdin and verifies that the resources in each rank present\nin R2 has at least resources present for the same rank in R1.',
  ),
  'set-property': syntax(
    'set-property',
    'PROPERTY:RANKS [PROPERTY:RANKS]...',
    'Set properties on R object on stdin, emitting the result on stdout',
  ),
  'parse-config': syntax('parse-config', 'PATH', 'Read config from resource.config array'),
};
