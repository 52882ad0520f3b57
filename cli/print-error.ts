import { WhalecurveError } from '../config/error.ts';
import { redact, redactText } from '../config/redact.ts';
import { colorsOf } from './colors.ts';
import type { CommandIo } from './command-io.ts';

interface PrintErrorOptions {
  json: boolean;
  /** Also the cause, with its stack. */
  verbose: boolean;
}

/** Code, message, place, what to do; on a terminal in colour. As JSON: one object on one line of stderr. */
export function printError(io: CommandIo, error: unknown, options: PrintErrorOptions): void {
  const text = options.json
    ? JSON.stringify(redact(errorObject(error, options), io.secrets))
    : redactText(errorText(io, error, options), io.secrets);
  io.stderr.write(`${text}\n`);
}

function errorText(io: CommandIo, error: unknown, { verbose }: PrintErrorOptions): string {
  const colors = colorsOf(io);
  if (!(error instanceof WhalecurveError)) {
    const message = error instanceof Error ? error.message : String(error);
    const stack = verbose && error instanceof Error ? [colors.dim(error.stack ?? '')] : [];
    const hint = verbose
      ? []
      : [colors.dim('This is a fault of Whalecurve itself; `--verbose` shows where it arose.')];
    return [`${colors.red('unexpected error')} ${message}`, ...stack, ...hint].join('\n');
  }
  const problems = error.problems.length > 0 ? error.problems : [error];
  const blocks = problems.map((problem) =>
    [
      `${colors.red(problem.code)} ${colors.bold(problem.message)}`,
      ...(problem.where === undefined ? [] : [`  ${colors.dim('at')}   ${colors.cyan(problem.where)}`]),
      ...(problem.hint === undefined ? [] : [`  ${colors.dim('hint')} ${problem.hint}`]),
      ...(problem.excerpt === undefined ? [] : [indented(problem.excerpt, colors.dim)]),
      ...(verbose ? causes(problem).map((cause) => colors.dim(`  cause ${cause}`)) : []),
    ].join('\n'),
  );
  if (problems.length > 1) blocks.push(colors.red(`${problems.length} problems`));
  return blocks.join('\n\n');
}

function indented(excerpt: string, dim: (text: string) => string): string {
  return excerpt
    .split('\n')
    .map((line) => dim(`  ${line}`))
    .join('\n');
}

function causes(error: Error): string[] {
  const { cause } = error;
  if (cause === undefined) return [];
  if (!(cause instanceof Error)) return [String(cause)];
  return [cause.stack ?? cause.message, ...causes(cause)];
}

function errorObject(error: unknown, options: PrintErrorOptions): Record<string, unknown> {
  if (!(error instanceof WhalecurveError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      error: {
        code: null,
        message,
        ...(options.verbose && error instanceof Error ? { stack: error.stack } : {}),
      },
    };
  }
  const fields = ({ code, message, where, hint }: WhalecurveError) => ({
    code,
    message,
    where: where ?? null,
    hint: hint ?? null,
  });
  return {
    error: {
      ...fields(error),
      ...(error.problems.length > 0 ? { problems: error.problems.map(fields) } : {}),
      ...(options.verbose ? { causes: causes(error) } : {}),
    },
  };
}
