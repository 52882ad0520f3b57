import { join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { loadConfig } from '../config/load-config.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { databaseName } from '../connectors/engines/open-engine.ts';
import type { Report } from '../jobs/job.ts';
import type { RunSummary } from '../jobs/run-summary.ts';
import { runPipeline } from '../pipelines/run-pipeline.ts';
import type { CompanySize } from './generate.ts';
import { type IdentityQuality, measureIdentity } from './measure-identity.ts';
import { serveDatabases } from './serve.ts';
import { type DemoView, viewWarehouse } from './show.ts';
import { truthPath, writeDemoFolder } from './write-demo-folder.ts';

export interface DemoOptions extends CompanySize {
  folder: string;
  environment: Environment;
  now: Date;
  signal: AbortSignal;
  /** Called at the start of each step, with what is being done. */
  onStep: (step: string) => void;
  onProgress: Report;
}

export interface DemoResult {
  config: LoadedConfig;
  summary: RunSummary;
  quality: IdentityQuality;
  view: DemoView;
}

/** The whole main job on a made-up company: silos, run, and a look at what came out. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { folder, onStep } = options;
  onStep(`making a company of ${options.customers.toLocaleString('en-US')} customers`);
  await writeDemoFolder(options, folder);
  onStep('starting its two databases (PostgreSQL in WebAssembly)');
  const servers = await serveDatabases(folder, { keepsLiveAddresses: true });
  try {
    // What the demo serves is what it reads, also where FINANCE_URL happens to be set already.
    const environment = { ...options.environment, ...servers.urls };
    const config = await loadConfig(join(folder, 'whalecurve.yml'), environment);
    onStep('running the pipeline');
    const summary = await runPipeline(config, {
      now: options.now,
      signal: options.signal,
      onProgress: options.onProgress,
    });
    onStep('comparing with the truth');
    const quality = await measureIdentity(databaseName(config.warehouse, 'warehouse'), truthPath(folder));
    return { config, summary, quality, view: await viewWarehouse(config) };
  } finally {
    await servers.stop();
  }
}
