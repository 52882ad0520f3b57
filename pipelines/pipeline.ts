import type { LoadedConfig } from '../config/schema.ts';
import type { Job } from '../jobs/job.ts';

/** Which jobs a run does, and under which name the history has it. */
export interface Pipeline {
  name: string;
  /** The graph for this config; may read what earlier runs left in the state, and is asked once the lock is held. */
  jobs(config: LoadedConfig): Promise<Job[]>;
}
