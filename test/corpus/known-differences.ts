/**
 * Answers of the corpus in which the embedded Kubernetes and a real one differ, and why that may stay. Only ever shorter.
 */
const notServed = 'it tells of kinds or formats that the embedded one does not serve';
const ruleWords = 'the compiler of rules words what is wrong with one its own way';
const yamlWords = 'the parser of YAML words what is wrong with a text its own way';
const cost = 'the cost of rules is limited when they run here, and not estimated before';
const decoded = 'a value of a wrong type is told by its field, not by the whole of the object';
const nodeTaints = 'the node lifecycle controller alone taints and annotates nodes here';
const laxer = 'the embedded one is not as strict, or not in the same words, about what a MiniCluster does not use';

export const knownDifferences: Readonly<Record<string, string>> = {
  'paths: resources of batch': notServed,
  'paths: a media type that is not served': notServed,
  'lists: a table of deployments': notServed,
  'customResources: bad definition: a rule that does not parse': ruleWords,
  'verbs: fields: apply twice, strict': yamlWords,
  'verbs: apply: no yaml': yamlWords,
  'verbs: get as a list': laxer,
  'verbs: get as a table of a version': notServed,
  'verbs: get as an odd thing': notServed,
  'verbs: watch: the future': 'a watch of the future is refused at once, not by an event of its stream',
  'verbs: options that are no JSON': 'a body that is no JSON is refused in the words of all others',
  'encodings: as protobuf': notServed,
  'encodings: no yaml': yamlWords,
  'subresources: status: a wrong type': decoded,
  'subresources: log: no such node': 'an unreachable node is told of as such',
  'subresources: a node': nodeTaints,
  'subresources: node status': nodeTaints,
  'definitions: bad schema: rule: an unknown function': ruleWords,
  'definitions: bad schema: rule: types that do not compare': ruleWords,
  'definitions: bad schema: rule: old without a state before': cost,
  'definitions: bad schema: rule: too dear': cost,
  'definitions: bad version: a scale of an index': 'a path that cannot be followed is refused here',
  'definitions: bad: a webhook without its data': notServed,
  'versions: scale by text': decoded,
  'versions: apply: a version to another’s path': 'the version is told, not only the type',
  'versions: apply: status': 'what stands outside the status is dropped before conflicts are looked for',
  'versions: realms of a namespace': 'a Status where a real server sends a plain text',
  'versions: a version goes from service': 'names the server accepted have no entry of its own manager',
  'kinds: a node': nodeTaints,
  'kinds: node: another provider': nodeTaints,
  'tables: table of replicationcontrollers': notServed,
  'tables: table of podtemplates': notServed,
};
