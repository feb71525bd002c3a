import type { IncomingMessage } from 'node:http';
import { badRequest, requestTooLarge } from '../verbs/status-errors.ts';

/** The largest body that is read, as in a real API server. */
export const maxBodyBytes = 3 * 1024 * 1024;

/** Reads a whole request body. @throws {StatusError} RequestEntityTooLarge, BadRequest when the client went away */
export async function readBody(request: IncomingMessage, limit = maxBodyBytes): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) throw requestTooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw requestTooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Error && 'status' in error) throw error;
    throw badRequest(`the request body ended early: ${error instanceof Error ? error.message : String(error)}`);
  }
  return Buffer.concat(chunks);
}
