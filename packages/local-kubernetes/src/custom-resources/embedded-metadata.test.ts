import { expect, it } from 'vitest';
import { fieldErrorText } from '../schema/field-error.ts';
import { validateEmbedded } from './embedded-metadata.ts';

const embedded = { type: 'object', 'x-kubernetes-embedded-resource': true };
const schema = { type: 'object', properties: { pod: embedded } };
const problems = (pod: object) => validateEmbedded({ pod }, schema).map(fieldErrorText);

// The answers of kube-apiserver 1.35.4.
it('tells an empty type of an embedded resource from none', () => {
  expect(problems({})).toEqual(['pod.apiVersion: Required value', 'pod.kind: Required value']);
  expect(problems({ apiVersion: null, kind: 1 })).toEqual([
    'pod.apiVersion: Invalid value: null: must be a string',
    'pod.kind: Invalid value: 1: must be a string',
  ]);
  expect(problems({ apiVersion: '', kind: '' })).toEqual([
    'pod.apiVersion: Invalid value: "": must not be empty',
    'pod.kind: Invalid value: "": must not be empty',
  ]);
});
