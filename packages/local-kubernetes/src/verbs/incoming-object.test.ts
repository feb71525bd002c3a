import { describe, expect, it } from 'vitest';
import { StatusError } from '../client/status-error.ts';
import { ResourceRegistry } from '../discovery/resource-registry.ts';
import { builtInKinds } from '../kinds/built-in.ts';
import type { Kind } from '../kinds/kind.ts';
import { identifyObject } from './incoming-object.ts';
import type { ApiContext, Caller, Target } from './request.ts';

const context = { resources: new ResourceRegistry(builtInKinds) } as ApiContext;
const ship = { group: 'example.com', version: 'v1', kind: 'Ship', plural: 'ships', builtIn: false } as Kind;
const target: Target = { kind: ship, namespace: 'default', name: '', subresource: '' };
const caller = { warn() {} } as unknown as Caller;
const identifyAs = (body: object) => {
  try {
    return identifyObject(context, target, body, { fieldValidation: 'Ignore' }, caller);
  } catch (error) {
    return error;
  }
};
const identify = (body: object) => identifyAs({ apiVersion: 'example.com/v1', ...body });

describe('a custom resource', () => {
  it('has the version of the path', () => {
    expect(identify({ kind: 'Ship' })).toEqual({ apiVersion: 'example.com/v1', kind: 'Ship' });
    expect(identify({ apiVersion: 'example.com/v2', kind: 'Ship' })).toMatchObject({ code: 400 });
  });

  it.each(['', '/', 'example.com/v2', 'other.example.com/v1'])('is refused as of version "%s"', (apiVersion) => {
    const called = apiVersion === '/' ? '' : apiVersion;
    const message = `the API version in the data (${called}) does not match the expected API version (example.com/v1)`;
    for (const kind of ['Ship', 'Raft']) expect(identifyAs({ apiVersion, kind })).toMatchObject({ code: 400, message });
    if (called === '') expect(identifyAs({ kind: 'Ship' })).toMatchObject({ code: 400, message });
  });

  // The answers of kube-apiserver 1.35.4.
  it.each([
    ['a text', { name: 'argo' }, 'argo'],
    ['null', { name: null }, ''],
    ['not there', {}, ''],
    ['in no object', null, ''],
  ])('of another kind is refused, be its name %s', (_, metadata, name) => {
    expect(identify({ kind: 'Raft', metadata })).toMatchObject({
      code: 422,
      message: `Raft.example.com "${name}" is invalid: kind: Invalid value: "Raft": must be Ship`,
    });
  });

  it.each([
    ['a number', { name: 7 }, 'number into Go struct field ObjectMeta.name of type string'],
    ['an object', { name: { a: 'b' } }, 'object into Go struct field ObjectMeta.name of type string'],
    ['a list', { name: ['argo'] }, 'array into Go struct field ObjectMeta.name of type string'],
    ['in a text', 'argo', 'string into Go value of type v1.ObjectMeta'],
  ])('is refused for its metadata first, be its name %s', (_, metadata, why) => {
    for (const [apiVersion, kind] of [
      ['example.com/v1', 'Raft'],
      ['example.com/v2', 'Ship'],
      ['other.example.com/v1', 'Raft'],
    ]) {
      const error = identify({ apiVersion, kind, metadata });
      expect(error).toBeInstanceOf(StatusError);
      const version = apiVersion!.split('/')[1];
      expect(error).toMatchObject({
        code: 400,
        message: `${kind} in version "${version}" cannot be handled as a Ship: json: cannot unmarshal ${why}`,
      });
    }
  });
});
