/**
 * Answers of the corpus in which the embedded Kubernetes and a real one differ, and why that may stay. Only ever shorter.
 * Some differ only now and then: those whose order follows the maps of Go.
 */
const goMaps = 'the real order follows a map of Go and changes from run to run, or comes from one';
const goStruct = 'the message holds a Go struct as Go prints it';
const cluster = 'it says how the cluster is set up: its nodes, networks and storage classes';
const notServed = 'it tells of kinds or formats that the embedded one does not serve';

export const knownDifferences: Readonly<Record<string, string>> = {
  'paths: resources of batch': notServed,
  'paths: a media type that is not served': notServed,
  'lists: a table of deployments': notServed,
  'deletion: a service': cluster,
  'deletion: services too': cluster,
  'workloads: a claim': cluster,
  'workloads: a pod: a label': cluster,
  'workloads: a pod: its status': cluster,
  'workloads: a pod: its status through the front': cluster,
  'deletion: a pod that never ran': cluster,
  'deletion: another revision': 'it names the revision of the object',
  'access: a path': goMaps,
  'access: what may jane': goMaps,
  'configMaps: update with a bad label': goMaps,
  'customResources: several things wrong': goMaps,
  'patches: another conflicts twice': goMaps,
  'patches: json: all operations': goMaps,
  'workloads: a job: another selector': goMaps,
  'workloads: bad job: a long name': goMaps,
  'customResources: bad definition: a rule that does not parse': goStruct,
  'patches: merge another kind': goStruct,
  'patches: merge an unknown field, strict': goStruct,
  'patches: merge a wrong type': goStruct,
  'workloads: a claim stands': goStruct,
  'workloads: a job: another image': goStruct,
  'workloads: a pod: another hostname': goStruct,
  'workloads: a pod: another image': goStruct,
  'lists: a bad token': 'the message holds an error of Go’s JSON parser',
  'lists: a table of events': 'one column has no format here; kubectl prints it the same',
  'lists: a table of roles': 'an empty table has an empty list of rows, not null',
  'configMaps: a token': 'a token request has no managedFields here; nothing stores it',
  'configMaps: an event that lacks everything': 'the group of the error and of one cause differ in words',
  'paths: a namespace': 'the finalizer of a namespace has its own manager entry here',
  'paths: metadata alone': 'the finalizer of a namespace has its own manager entry here',
};
