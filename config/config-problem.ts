import { readFile } from 'node:fs/promises';
import { type ConfigPath, noReferences, type ProblemDetails, readConfigDocument } from './config-document.ts';
import { WhalecurveError } from './error.ts';
import type { ErrorCode } from './error-codes.ts';

/**
 * An error about a key of a config that was loaded before, with its line and column. Where there is no file, or it is
 * gone meanwhile, the key itself is the place.
 */
export async function configProblem(
  file: string | undefined,
  code: ErrorCode,
  path: ConfigPath,
  message: string,
  details: ProblemDetails = {},
): Promise<WhalecurveError> {
  const text = file === undefined ? null : await readFile(file, 'utf8').catch(() => null);
  if (file === undefined || text === null) {
    return new WhalecurveError(code, message, { where: path.join('.'), hint: details.hint });
  }
  return readConfigDocument(file, text, noReferences).problem(code, path, message, details);
}
