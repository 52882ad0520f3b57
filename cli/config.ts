import type { Command } from 'commander';
import { stringify } from 'yaml';
import { configJsonSchema } from '../config/json-schema.ts';
import { redact } from '../config/redact.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';

/** `whalecurve config schema | show` */
export function registerConfig(program: Command, io: CommandIo): void {
  const config = program
    .command('config')
    .description('print the config, or its schema for editors')
    .helpCommand(false);

  config
    .command('schema')
    .description('JSON Schema of whalecurve.yml, for completion in editors')
    .addHelpText(
      'after',
      `${example('whalecurve config schema > whalecurve.schema.json')}
Then, as the first line of whalecurve.yml:
  # yaml-language-server: $schema=./whalecurve.schema.json
`,
    )
    .action(() => print(io, JSON.stringify(configJsonSchema(), null, 2)));

  config
    .command('show')
    .description('the config with every default filled in and every secret masked')
    .addHelpText('after', example('whalecurve config show', 'whalecurve config show --json'))
    .action(async (_options: unknown, command: Command) => {
      const { secrets, ...shown } = await loadedConfig(command, io);
      const masked = redact(shown, secrets);
      if (globalOptions(command).json) printJson(io, masked);
      else print(io, stringify(masked).trimEnd());
    });
}
