/**
 * Answers of the corpus in which the embedded Kubernetes and a real one differ, and why that may stay. Only ever shorter.
 */
const notServed = 'it tells of kinds or formats that the embedded one does not serve';
const goStruct = 'the message shows the difference of two Go structs, in Go’s names for their fields';

export const knownDifferences: Readonly<Record<string, string>> = {
  'paths: resources of batch': notServed,
  'paths: a media type that is not served': notServed,
  'lists: a table of deployments': notServed,
  'workloads: a claim stands': goStruct,
  'workloads: a job: another image': goStruct,
  'workloads: a pod: another hostname': goStruct,
  'workloads: a pod: another image': goStruct,
  'customResources: bad definition: a rule that does not parse':
    'the parser of rules words its syntax errors its own way',
};
