/** The field manager of a request that names none: the client's name, the part of its user agent before a slash. */
export function defaultFieldManager(userAgent: string): string {
  const [name = ''] = userAgent.split('/');
  // Field managers are printable and at most 128 characters.
  return name.replace(/[^\x20-\x7e]/g, '').slice(0, 128) || 'unknown';
}
