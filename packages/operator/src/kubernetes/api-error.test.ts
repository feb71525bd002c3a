import { describe, expect, it } from 'vitest';
import { apiErrorFrom } from './api-error.ts';

const status = (reason: string, message: string) => JSON.stringify({ kind: 'Status', reason, message });

describe('an answer that is no success', () => {
  it.each([
    ['a Status', 422, status('Invalid', 'spec.size: too small'), 'Invalid', 'spec.size: too small'],
    ['a Status that says nothing', 500, JSON.stringify({ kind: 'Status' }), '', 'HTTP 500'],
    ['an object that is no Status', 403, '{"kind":"Other"}', '', 'HTTP 403: {"kind":"Other"}'],
    ['what a proxy wrote', 502, '<html>bad gateway', '', 'HTTP 502: <html>bad gateway'],
  ])('is told as %s', (_, code, body, reason, message) => {
    expect(apiErrorFrom(code, body, undefined)).toMatchObject({ code, reason, message });
  });

  it.each([
    ['3', 3000],
    ['0', undefined],
    ['-1', undefined],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [undefined, undefined],
  ])('with Retry-After %s asks for %s ms', (header, wait) => {
    expect(apiErrorFrom(429, '', header).retryAfterMs).toBe(wait);
  });

  it.each([
    [404, '', { isNotFound: true, isPermanent: false }],
    [409, '', { isConflict: true, isPermanent: false }],
    [410, '', { isExpired: true, isPermanent: false }],
    [500, 'Expired', { isExpired: true }],
    [422, '', { isPermanent: true, isConflict: false }],
    [429, '', { isPermanent: false }],
    [0, '', { isPermanent: false }],
  ])('%i %s is told apart', (code, reason, expected) => {
    expect(apiErrorFrom(code, status(reason, ''), undefined)).toMatchObject(expected);
  });
});
