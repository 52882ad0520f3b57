import type {
  LandedTable,
  Landing,
  LandingPlace,
  LandingSession,
  LandOptions,
} from '../../../connectors/engines/engine.ts';
import type { StreamPart, TableRequest } from '../../../connectors/sources/source.ts';

export type LandAs = Partial<LandingPlace & LandOptions>;

/** One session for all tests of a file, as an extract has one for all tables of its source. */
export interface KeptLanding {
  /** What says another run, another folder or a signal lands in a session of its own. */
  land(parts: AsyncIterable<StreamPart>, request: TableRequest, options?: LandAs): Promise<LandedTable>;
  close(): Promise<void>;
}

export function keptLanding(landing: Landing, folder: string): KeptLanding {
  const place: LandingPlace = {
    runId: 'r_1',
    folder,
    subfolder: 'source',
    signal: new AbortController().signal,
  };
  let kept: LandingSession | undefined;
  return {
    async land(parts, request, options = {}) {
      const { fileName = 'rows', onBytes, ...own } = options;
      const as: LandOptions = onBytes === undefined ? { fileName } : { fileName, onBytes };
      if (Object.keys(own).length === 0) {
        kept ??= landing.open(place);
        return kept.land(parts, request, as);
      }
      const session = landing.open({ ...place, ...own });
      return session.land(parts, request, as).finally(() => session.close());
    },
    close: async () => kept?.close(),
  };
}
