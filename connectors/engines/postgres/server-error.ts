/** What an error of `pg` says, read by its shape: errors of Node's core may come from another realm than our code. */
export interface ServerError {
  /** SQLSTATE or the code of Node's socket; empty where there is none. */
  code: string;
  /** In the language that the server speaks. */
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
  /** Place in the statement in characters, 1 for the first. */
  position?: number | undefined;
  /** Lines of context, such as the line of a COPY. */
  context?: string | undefined;
  schema?: string | undefined;
  table?: string | undefined;
  constraint?: string | undefined;
}

export function serverError(cause: unknown): ServerError {
  const text = (name: string): string | undefined => {
    if (typeof cause !== 'object' || cause === null || !(name in cause)) return undefined;
    const value = (cause as Record<string, unknown>)[name];
    return value === undefined || value === null ? undefined : String(value);
  };
  const code = text('code') ?? '';
  const position = text('position');
  return {
    code,
    message: text('message') || code || String(cause),
    detail: text('detail'),
    hint: text('hint'),
    position: position === undefined ? undefined : Number(position),
    context: text('where'),
    schema: text('schema'),
    table: text('table'),
    constraint: text('constraint'),
  };
}

/**
 * Whether it is the server's error of one of these SQLSTATEs, as it is or as the cause of ours:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isState(error: unknown, ...states: readonly string[]): boolean {
  return states.includes(serverError(error).code) || states.includes(serverError(causeOf(error)).code);
}

export function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}
