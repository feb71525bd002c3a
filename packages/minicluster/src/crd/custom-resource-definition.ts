/**
 * The CustomResourceDefinition of the MiniCluster. v1alpha1 and v1alpha2 have one superset schema and no conversion, so
 * that nothing is lost between them and no webhook can be down; they differ in three defaults, which upstream changed.
 */
import { apiGroup, kind, miniClusterObject, storedVersion } from '../schema/minicluster.ts';
import { type StructuralSchema, structuralSchema } from './structural-schema.ts';

/** Columns of `kubectl get minicluster`. */
const printerColumns = [
  { name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'Brokers wanted.' },
  { name: 'Max', type: 'integer', jsonPath: '.status.maximumSize', description: 'The largest size that is accepted.' },
  {
    name: 'Up',
    type: 'integer',
    jsonPath: '.status.ranks.up',
    description: 'Brokers that are online, by Flux’s own word.',
  },
  { name: 'Status', type: 'string', jsonPath: '.status.phase', description: 'What the cluster does.' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since it was made.' },
];

/** The CRD, as it is applied. */
export function customResourceDefinition() {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `miniclusters.${apiGroup}` },
    spec: {
      group: apiGroup,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural: 'miniclusters',
        singular: 'minicluster',
        shortNames: ['mc', 'minic'],
        categories: ['all', 'flux'],
      },
      conversion: { strategy: 'None' },
      versions: [version('v1alpha1'), version('v1alpha2')],
    },
  };
}

function version(name: string) {
  return {
    name,
    served: true,
    storage: name === storedVersion,
    schema: { openAPIV3Schema: versionSchema(name) },
    subresources: {
      status: {},
      scale: {
        specReplicasPath: '.spec.size',
        statusReplicasPath: '.status.size',
        labelSelectorPath: '.status.selector',
      },
    },
    additionalPrinterColumns: printerColumns,
  };
}

/** The schema that one version is served with. */
export function versionSchema(name: string): StructuralSchema {
  const schema = structuralSchema(miniClusterObject);
  const properties = schema.properties ?? {};
  schema.properties = {
    apiVersion: { type: 'string', description: 'Version of the schema of this object.' },
    kind: { type: 'string', description: 'MiniCluster.' },
    metadata: { type: 'object' },
    ...properties,
  };
  const spec = properties['spec']?.properties ?? {};
  const network = spec['network'];
  if (network?.properties?.['headlessName']) {
    // Written down in both versions: what one of them leaves out, the other would fill in when it reads it.
    network.default = {};
    network.properties['headlessName'].default = name === 'v1alpha1' ? 'flux-service' : '';
  }
  if (name === 'v1alpha1') {
    const strict = spec['logging']?.properties?.['strict'];
    if (strict) strict.default = true;
    // Pods had a token then, by which an application could resize its own cluster.
    const token = spec['pod']?.properties?.['automountServiceAccountToken'];
    if (token) token.default = true;
  }
  return schema;
}
