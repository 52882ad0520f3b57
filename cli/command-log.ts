import { createLog, type Log } from '../config/log.ts';
import type { LogSettings } from '../config/log-settings.ts';
import type { CommandIo } from './command-io.ts';

interface LogDestinations {
  isVerbose: boolean;
  /** `log` of the config, where there is one: its file gets every line as well. */
  settings?: LogSettings | undefined;
  /** Only the file: a terminal shows progress in another form. */
  isFileOnly?: boolean;
}

/** The log of a command, on stderr: lines for people on a terminal, JSON lines elsewhere, no secret in either. */
export function commandLog(io: CommandIo, { isVerbose, settings, isFileOnly = false }: LogDestinations): Log {
  return createLog({
    secrets: io.secrets,
    format: io.isTerminal ? 'text' : 'json',
    level: isVerbose ? 'debug' : (settings?.level ?? 'info'),
    stream: isFileOnly ? null : io.stderr,
    file: settings,
  });
}
