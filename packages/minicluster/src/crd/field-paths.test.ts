import { describe, expect, it } from 'vitest';
import { customResourceDefinition } from './custom-resource-definition.ts';
import { withoutFieldPaths } from './field-paths.ts';

describe('the definition for Kubernetes 1.27', () => {
  it('has all rules, and no path in them', () => {
    const rules = (text: string) => text.match(/"rule":/g)?.length;
    const full = JSON.stringify(customResourceDefinition());
    const old = JSON.stringify(withoutFieldPaths(customResourceDefinition()));
    expect(full).toContain('"fieldPath":".maxSize"');
    expect(old).not.toContain('"fieldPath":".');
    expect(rules(old)).toBe(rules(full));
  });

  it('keeps a property of that name, which is something else', () => {
    const schema = { properties: { fieldPath: { type: 'string' } }, 'x-kubernetes-validations': [{ fieldPath: '.a' }] };
    expect(withoutFieldPaths(schema)).toEqual({
      properties: { fieldPath: { type: 'string' } },
      'x-kubernetes-validations': [{}],
    });
  });
});
