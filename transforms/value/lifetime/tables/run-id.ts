import type { Engine } from '../../../../connectors/engines/engine.ts';

/** The run that builds, for tables that say which run they are of. */
export async function runIdOf(engine: Engine): Promise<string> {
  const [run] = await engine.query<{ run_id: string }>('select run_id from settings.run');
  return run?.run_id ?? '';
}
