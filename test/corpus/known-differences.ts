/**
 * Answers of the corpus in which the embedded Kubernetes and a real one differ, and why that may stay. Only ever shorter.
 */
const notServed = 'it tells of kinds or formats that the embedded one does not serve';
const ruleWords = 'the compiler of rules words what is wrong with one its own way';
const yamlWords = 'the parser of YAML words what is wrong with a text its own way';
const cost = 'the cost of rules is limited when they run here, and not estimated before';

export const knownDifferences: Readonly<Record<string, string>> = {
  'paths: a media type that is not served': notServed,
  'customResources: bad definition: a rule that does not parse': ruleWords,
  'verbs: apply: no yaml': yamlWords,
  'verbs: get as a table of a version': notServed,
  'verbs: get as an odd thing': notServed,
  'encodings: as protobuf': notServed,
  'encodings: no yaml': yamlWords,
  'definitions: bad schema: rule: an unknown function': ruleWords,
  'definitions: bad schema: rule: types that do not compare': ruleWords,
  'definitions: bad schema: rule: old without a state before': cost,
  'definitions: bad schema: rule: too dear': cost,
  'tables: table of podtemplates': notServed,
};
