import type { Engine } from '../../connectors/engines/engine.ts';

/**
 * Ends a subselect whose values are used more than once. PostgreSQL would merge it into the query around it and
 * compute each value again at each use; DuckDB never does, and there a limit would cost threads.
 */
export function asStepOfItsOwn(engine: Engine): string {
  return engine.kind === 'postgres' ? ' offset 0' : '';
}
