import { describe, expect, it } from 'vitest';
import { StatusError } from '../client/status-error.ts';
import { ResourceRegistry } from '../discovery/resource-registry.ts';
import { builtInKinds } from '../kinds/built-in.ts';
import type { Kind } from '../kinds/kind.ts';
import { identifyObject } from './incoming-object.ts';
import type { ApiContext, Target } from './request.ts';

const context = { resources: new ResourceRegistry(builtInKinds) } as ApiContext;
const ship = { group: 'example.com', version: 'v1', kind: 'Ship', plural: 'ships', builtIn: false } as Kind;
const target: Target = { kind: ship, namespace: 'default', name: '', subresource: '' };
const identify = (body: object) => {
  try {
    return identifyObject(context, target, { apiVersion: 'example.com/v1', ...body });
  } catch (error) {
    return error;
  }
};

describe('a custom resource', () => {
  it('has the version of the path', () => {
    expect(identify({ kind: 'Ship' })).toEqual({ apiVersion: 'example.com/v1', kind: 'Ship' });
    expect(identify({ apiVersion: 'example.com/v2', kind: 'Ship' })).toMatchObject({ code: 400 });
  });

  it.each([
    ['a text', { name: 'argo' }, 'Raft.example.com "argo"'],
    ['a number', { name: 7 }, 'Raft.example.com ""'],
    ['an object', { name: { a: 'b' } }, 'Raft.example.com ""'],
    ['a list', { name: ['argo'] }, 'Raft.example.com ""'],
    ['null', { name: null }, 'Raft.example.com ""'],
    ['not there', {}, 'Raft.example.com ""'],
    ['in no object', null, 'Raft.example.com ""'],
  ])('of another kind is refused, be its name %s', (_, metadata, called) => {
    const error = identify({ kind: 'Raft', metadata });
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({
      code: 422,
      message: `${called} is invalid: kind: Invalid value: "Raft": must be Ship`,
    });
  });
});
