import { errorCodes } from './error-codes.ts';

const areas: Record<string, string> = {
  CONFIG: 'The config',
  USAGE: 'The command line',
  SOURCE: 'Sources',
  CDC: 'The log of a source',
  FILE: 'Files',
  LOAD: 'Rows on their way into raw',
  MAP: 'Mappings',
  MODEL: 'Models',
  ENGINE: 'The engine',
  RUN: 'Runs',
  GATE: 'Gates before publishing',
  LIMIT: 'Limits',
  QUEUE: 'The queue',
  MONITOR: 'Monitoring',
  REVIEW: 'Decisions on accounts',
  DEMO: 'The demo company',
};

/** The text of `docs/errors.md`: every code by area, what it means and what to do. */
export function errorDocs(): string {
  const codes = Object.entries(errorCodes);
  const parts = Object.entries(areas).map(([area, title]) => {
    const own = codes.filter(([code]) => code.startsWith(`WC-${area}-`));
    const entries = own.map(([code, { meaning, remedy }]) => `### ${code}\n\n${meaning}\n\n${remedy}`);
    return [`## ${title}`, ...entries].join('\n\n');
  });
  return `${[introduction, ...parts].join('\n\n')}\n`;
}

const introduction = `# Errors

Every failure carries a code. The command prints the code, what is wrong, where, and what to do; \`--verbose\`
adds the cause, \`--json\` gives the same as one JSON object on stderr. Exit codes: 0 done, 1 failed, 2 wrong
usage or config, 3 done, but more rows were quarantined than \`quarantine\` allows, or a source is stale.

This page is generated from \`config/error-codes.ts\`.`;
