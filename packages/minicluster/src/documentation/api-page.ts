/** The documentation page of the API, from the same schema as the CRD. */
import { versionSchema } from '../crd/custom-resource-definition.ts';
import type { StructuralSchema } from '../crd/structural-schema.ts';

/** Markdown text of docs/api.md. */
export function apiPage(): string {
  const schema = versionSchema('v1alpha2');
  return `# The MiniCluster API

\`apiVersion: flux-framework.org/v1alpha2\` (or \`v1alpha1\`; both have the same fields), \`kind: MiniCluster\`. Made from the
schema; \`kubectl explain minicluster.spec --recursive\` says the same. Fields that begin with "v1alpha1:" are kept so
that old manifests apply unchanged. In v1alpha1, \`network.headlessName\` defaults to \`flux-service\`,
\`logging.strict\` and \`pod.automountServiceAccountToken\` to true.

## Spec

${table(schema.properties?.['spec'] ?? {}, 'spec')}
## Status

${table(schema.properties?.['status'] ?? {}, 'status')}
## Rules

The API server refuses what breaks one of these.

${rulesOf(schema, '')
  .map(({ path, message }) => `- \`${path || '(object)'}\`: ${message}`)
  .join('\n')}
`;
}

function table(schema: StructuralSchema, path: string): string {
  return `| field | type | default | meaning |\n| --- | --- | --- | --- |\n${rows(schema, path).join('\n')}\n`;
}

/** Fields of core/v1 types are Kubernetes' own and not told one by one. */
const embedded = new Set(['securityContext', 'resources']);

function rows(schema: StructuralSchema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const required = schema.required?.includes(name) ? ' **Required.**' : '';
    const values = field.enum ? ` One of ${field.enum.map((each) => `\`${each}\``).join(', ')}.` : '';
    const inner = field.items ?? field.additionalProperties;
    const suffix = field.items ? '[]' : field.additionalProperties ? '.NAME' : '';
    const here = `${path}.${name}`;
    const shown = field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``;
    const line = `| \`${here}\` | ${typeName(field)} | ${shown} | ${field.description ?? ''}${values}${required} |`;
    if (embedded.has(name)) return [line];
    return [line, ...rows(inner ?? field, here + (inner ? suffix : ''))];
  });
}

function typeName(field: StructuralSchema): string {
  if (field['x-kubernetes-int-or-string']) return 'integer or string';
  if (field.items) return `list of ${typeName(field.items)}`;
  if (field.additionalProperties) return `map of ${typeName(field.additionalProperties)}`;
  return field.type ?? '';
}

function rulesOf(schema: StructuralSchema, path: string): { path: string; message: string }[] {
  const own = (schema['x-kubernetes-validations'] ?? []) as { message: string; fieldPath?: string }[];
  const here = own.map(({ message, fieldPath = '' }) => ({ path: `${path}${fieldPath}`.replace(/^\./, ''), message }));
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const inner = field.items ?? field.additionalProperties;
    const suffix = field.items ? '[]' : field.additionalProperties ? '.NAME' : '';
    return rulesOf(inner ? { ...field, ...inner } : field, `${path}.${name}${inner ? suffix : ''}`);
  });
  return [...here, ...below].filter(
    (each, index, all) =>
      all.findIndex((other) => other.path === each.path && other.message === each.message) === index,
  );
}
