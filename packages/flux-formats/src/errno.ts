/** Error numbers of Linux, with their names and the wording of the C library. */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

const byName: Readonly<Record<string, number>> = constants.errno;
const names = new Map(Object.entries(byName).map(([name, number]) => [number, name]));

// The wordings of libuv differ from the C library's; these are the C library's.
const wordings: Readonly<Record<string, string>> = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  ESRCH: 'No such process',
  EINTR: 'Interrupted system call',
  EIO: 'Input/output error',
  E2BIG: 'Argument list too long',
  ENOEXEC: 'Exec format error',
  EBADF: 'Bad file descriptor',
  ECHILD: 'No child processes',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  EMFILE: 'Too many open files',
  EFBIG: 'File too large',
  ENOSPC: 'No space left on device',
  EPIPE: 'Broken pipe',
  EDEADLK: 'Resource deadlock avoided',
  ENAMETOOLONG: 'File name too long',
  ENOSYS: 'Function not implemented',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  ENODATA: 'No data available',
  ETIME: 'Timer expired',
  EPROTO: 'Protocol error',
  EOVERFLOW: 'Value too large for defined data type',
  EMSGSIZE: 'Message too long',
  ENOTSUP: 'Operation not supported',
  EOPNOTSUPP: 'Operation not supported',
  EADDRINUSE: 'Address already in use',
  ECONNRESET: 'Connection reset by peer',
  ETIMEDOUT: 'Connection timed out',
  ECONNREFUSED: 'Connection refused',
  EHOSTUNREACH: 'No route to host',
  ECANCELED: 'Operation canceled',
};

/** `ENOENT` for 2; `errno N` for a number that has no name. */
export function errnoName(number: number): string {
  return names.get(number) ?? `errno ${number}`;
}

/** 2 for `ENOENT`. @throws RangeError for a name that there is not */
export function errnoNumber(name: string): number {
  const number = name === 'ENOTSUP' ? byName['EOPNOTSUPP'] : byName[name];
  if (number === undefined) throw new RangeError(`no error is called ${name}`);
  return number;
}

/** The C library's words for an error number. */
export function strerror(number: number): string {
  if (number === 0) return 'Success';
  return wordings[errnoName(number)] ?? getSystemErrorMap().get(-number)?.[1] ?? `Unknown error ${number}`;
}
