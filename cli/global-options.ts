import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { CommandIo } from './command-io.ts';

/** Options that every verb takes, before or after its name. */
export interface GlobalOptions {
  config: string;
  json: boolean;
  verbose: boolean;
}

export function globalOptions(command: Command): GlobalOptions {
  const { config, json, verbose } = command.optsWithGlobals<Partial<GlobalOptions>>();
  return { config: config ?? 'whalecurve.yml', json: json ?? false, verbose: verbose ?? false };
}

/** The config that the command line names, loaded; its secrets are masked in all that is printed from here on. */
export async function loadedConfig(command: Command, io: CommandIo): Promise<LoadedConfig> {
  const config = await loadConfig(configFile(command, io), io.environment);
  io.secrets.push(...config.secrets);
  return config;
}

/** Path of the config as a person in `io.cwd` would write it: errors and hints show it. */
export function configFile(command: Command, io: CommandIo): string {
  const absolute = resolve(io.cwd, globalOptions(command).config);
  const near = relative(process.cwd(), absolute);
  return near.startsWith('..') ? absolute : near;
}
