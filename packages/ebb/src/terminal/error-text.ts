/** One line for a person of whatever was thrown: the API's own message where the API refused. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error) ?? String(error);
  const body = (error as { body?: unknown }).body;
  if (body !== undefined) {
    const status = typeof body === 'string' ? parsed(body) : (body as { message?: string } | null);
    if (status?.message) return status.message;
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return `the cluster does not answer: ${error.message}`;
  const cause =
    error.cause instanceof Error && !error.message.includes(error.cause.message) ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}

/** Of what is no Error and yet has a message, such as the events of a WebSocket. */
function messageOf(thrown: unknown): string | undefined {
  const message = (thrown as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}

function parsed(text: string): { message?: string } | undefined {
  try {
    return JSON.parse(text) as { message?: string };
  } catch {
    return undefined;
  }
}
