import { dirname, join, normalize } from 'node:path';
import { z } from 'zod';

/** Of the engine `postgres`: who may see personal data, by grants. */
export const roleSettings = {
  roles: z
    .boolean()
    .optional()
    .describe(
      'Schema `analysis` with personal data masked, and the roles for analysts, for those who may see personal data, and for the writer; default: false',
    ),
  role_prefix: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'up to 40 lower case letters, digits and _, with a letter first')
    .optional()
    .describe('What the names of the roles begin with, as roles are of the server; default: whalecurve'),
};

/** Of the engine `duckdb`: who may see personal data, by the permissions of two files. */
export const maskedFile = z
  .string()
  .optional()
  .describe('A second file for analysts, with the same tables and personal data masked');

/** The masked file never replaces the whole one, nor the state. */
export function isFileOfItsOwn(warehouse: {
  path: string;
  state?: string | undefined;
  masked?: string | undefined;
}) {
  const { path, state, masked } = warehouse;
  return masked === undefined || ![path, state ?? join(dirname(path), 'state.duckdb')].some(isSameAs(masked));
}

export const otherFile = {
  path: ['masked'],
  message: 'it needs another file than those of `path` and `state`',
};

function isSameAs(masked: string) {
  return (file: string) => normalize(file) === normalize(masked);
}
