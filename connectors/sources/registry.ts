import type { Source, SourceContext } from './source.ts';

type OpenSource = (context: SourceContext) => Source;

/** One line per type of source; loaded when first used, so that a run pays only for the drivers it needs. */
const openers: Record<SourceContext['config']['type'], () => Promise<OpenSource>> = {
  postgres: async () => (await import('./postgres/postgres-source.ts')).postgresSource,
  mysql: async () => (await import('./mysql/mysql-source.ts')).mysqlSource,
  files: async () => (await import('./files/files-source.ts')).filesSource,
};

export async function openSource(context: SourceContext): Promise<Source> {
  const open = await openers[context.config.type]();
  return open(context);
}
