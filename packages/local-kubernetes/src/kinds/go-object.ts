/**
 * An object as the structs inside a real API server hold it, for messages that print one: their fields have Go's names and
 * Go's order, and nothing is left out. Facts: k8s.io/kubernetes pkg/apis/core/types.go.
 */
import { ownMember } from '../schema/own-member.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { type FieldType, structType } from './notation.ts';
import { inStructOrder } from './struct-order.ts';

/** Printed in the order of its fields; see `goJson`. */
class GoObject {
  [name: string]: unknown;
}

/** Names that are not the JSON name with a capital letter. */
const goNames: Readonly<Record<string, string>> = {
  $ref: 'Ref',
  $schema: 'Schema',
  apiGroup: 'APIGroup',
  apiVersion: 'APIVersion',
  awsElasticBlockStore: 'AWSElasticBlockStore',
  cephfs: 'CephFS',
  csi: 'CSI',
  dnsConfig: 'DNSConfig',
  dnsPolicy: 'DNSPolicy',
  fc: 'FC',
  fsGroup: 'FSGroup',
  fsGroupChangePolicy: 'FSGroupChangePolicy',
  fsType: 'FSType',
  gcePersistentDisk: 'GCEPersistentDisk',
  gmsaCredentialSpec: 'GMSACredentialSpec',
  gmsaCredentialSpecName: 'GMSACredentialSpecName',
  grpc: 'GRPC',
  httpGet: 'HTTPGet',
  httpHeaders: 'HTTPHeaders',
  ip: 'IP',
  id: 'ID',
  iscsi: 'ISCSI',
  jsonPath: 'JSONPath',
  nfs: 'NFS',
  openAPIV3Schema: 'OpenAPIV3Schema',
  os: 'OS',
  rbd: 'RBD',
  seLinuxChangePolicy: 'SELinuxChangePolicy',
  seLinuxOptions: 'SELinuxOptions',
  storageos: 'StorageOS',
  tcpSocket: 'TCPSocket',
  ttlSecondsAfterFinished: 'TTLSecondsAfterFinished',
  tty: 'TTY',
  uid: 'UID',
};

/** Structs whose fields stand in another order inside. */
const orders: Readonly<Record<string, string>> = {
  'apiextensions.CustomResourceDefinitionVersion':
    'name served storage deprecated deprecationWarning schema subresources additionalPrinterColumns selectableFields',
  'apiextensions.JSONSchemaProps':
    'id $schema $ref description type nullable format title default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf enum maxProperties minProperties required items allOf oneOf anyOf not properties additionalProperties patternProperties dependencies additionalItems definitions externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-embedded-resource x-kubernetes-int-or-string x-kubernetes-list-map-keys x-kubernetes-list-type x-kubernetes-map-type x-kubernetes-validations',
  'core.PodSpec':
    'volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName automountServiceAccountToken nodeName securityContext imagePullSecrets hostname subdomain setHostnameAsFQDN affinity schedulerName tolerations hostAliases priorityClassName priority preemptionPolicy dnsConfig readinessGates runtimeClassName overhead enableServiceLinks topologySpreadConstraints os schedulingGates resourceClaims resources hostnameOverride workloadRef',
  'core.PersistentVolumeSource':
    'gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd quobyte iscsi flexVolume cinder cephfs fc flocker azureFile vsphereVolume azureDisk photonPersistentDisk portworxVolume scaleIO local storageos csi',
  'core.ServicePort': 'name protocol appProtocol port targetPort nodePort',
  'core.PodSecurityContext':
    'seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup fsGroupChangePolicy sysctls seccompProfile appArmorProfile seLinuxChangePolicy',
  'core.Volume':
    'name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs persistentVolumeClaim rbd quobyte flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image',
};

/** What a pod shares with its host stands in its security context inside. */
const hostFields = { HostNetwork: false, HostPID: false, HostIPC: false, ShareProcessNamespace: null, HostUsers: null };

/** An object that messages print in the order of its struct's fields, under its names for JSON. */
export function inFieldOrder(value: JsonObject, struct: string): object {
  return Object.assign(new GoObject(), inStructOrder(value, struct));
}

/** @param struct the key of its type, `core.PodSpec` */
export function goObject(value: JsonObject, struct: string): object {
  if (struct.startsWith('meta.')) return value;
  const result = new GoObject();
  for (const { name, type } of fieldsOf(struct)) {
    // Embedded with names of its own for JSON: its fields stand here.
    if (name === 'metadata') Object.assign(result, sortedMeta(value[name]));
    else result[goName(name)] = goValue(value[name], type);
  }
  if (struct === 'core.PodSpec') result['SecurityContext'] = withHost(result['SecurityContext'], value);
  return result;
}

function goName(name: string): string {
  const known = ownMember(goNames, name);
  if (known) return known;
  const words = name.replace(/^x-kubernetes/, 'x').split('-');
  return words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('');
}

function fieldsOf(struct: string) {
  const { fields } = structType(struct);
  const order = orders[struct]?.split(' ');
  return order ? order.flatMap((name) => fields.find((field) => field.name === name) ?? []) : fields;
}

function goValue(value: unknown, type: FieldType): unknown {
  if (type.struct === 'apiextensions.JSON') return value ?? null;
  if (value === undefined || value === null) return zeroOf(type);
  if (type.form === 'list' && Array.isArray(value)) return value.map((each) => goValue(each, type.of!));
  if (type.form === 'map' && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, goValue(each, type.of!)]));
  }
  if (type.form !== 'struct') return value;
  const struct = type.struct!;
  if (isUnion(struct)) return goUnion(value, struct);
  return isObject(value) ? goObject(value, struct) : value;
}

/** What holds one thing or another has a field for each: a schema, and what else there may be. */
export function goUnion(value: unknown, struct: Union): object {
  const schema = isObject(value) ? goObject(value, 'apiextensions.JSONSchemaProps') : null;
  return Object.assign(new GoObject(), unionFields[struct](value, schema));
}

const unionFields = {
  'apiextensions.JSONSchemaPropsOrArray': (value: unknown, schema: object | null) => ({
    Schema: schema,
    JSONSchemas: Array.isArray(value)
      ? value.map((each) => goObject(each as JsonObject, 'apiextensions.JSONSchemaProps'))
      : null,
  }),
  'apiextensions.JSONSchemaPropsOrBool': (value: unknown, schema: object | null) => ({
    Allows: value !== false,
    Schema: schema,
  }),
  'apiextensions.JSONSchemaPropsOrStringArray': (value: unknown, schema: object | null) => ({
    Schema: schema,
    Property: Array.isArray(value) ? value : null,
  }),
} satisfies Record<string, (value: unknown, schema: object | null) => JsonObject>;
type Union = keyof typeof unionFields;

function isUnion(struct: string): struct is Union {
  return Object.hasOwn(unionFields, struct);
}

function zeroOf({ form, isPointer, struct }: FieldType): unknown {
  if (isPointer) return null;
  switch (form) {
    case 'string':
      return '';
    case 'int32':
    case 'int64':
    case 'float64':
    case 'intorstring':
      return 0;
    case 'bool':
      return false;
    case 'quantity':
      return '0';
    case 'struct':
      return goObject({}, struct!);
    default:
      return null;
  }
}

function sortedMeta(metadata: unknown): JsonObject {
  if (!isObject(metadata)) return {};
  const known = structType('meta.ObjectMeta').fields.map(({ name }) => name);
  return Object.fromEntries(known.flatMap((name) => (metadata[name] === undefined ? [] : [[name, metadata[name]]])));
}

function withHost(context: unknown, spec: JsonObject): unknown {
  const given = Object.entries(hostFields).map(([name, zero]): [string, unknown] => {
    return [name, spec[`${name[0]?.toLowerCase()}${name.slice(1)}`] ?? zero];
  });
  const isSaid = given.some(([name, value]) => value !== hostFields[name as keyof typeof hostFields]);
  if (!isObject(context) && !isSaid) return context ?? null;
  return Object.assign(new GoObject(), Object.fromEntries(given), context);
}
