import type { Command } from 'commander';
import type { LoadedConfig } from '../config/schema.ts';
import { type Certificate, forgetCustomer } from '../pipelines/forget-customer.ts';
import { accountsWithEmail } from '../report/customer/accounts-with-email.ts';
import { findCustomer } from '../report/customer/find-customer.ts';
import { withWarehouse } from '../report/warehouse.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { utcTime } from './print-run-summary.ts';
import { printTable } from './print-table.ts';
import { runProgress } from './run-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** `whalecurve forget CUSTOMER` */
export function registerForget(program: Command, io: CommandIo): void {
  program
    .command('forget')
    .argument('<customer>', 'customer id, e-mail, account_ref, or source:account_ref')
    .option('--why <reason>', 'kept with the hashes and on the certificate: the number of the request')
    .summary('erase a person, and keep it erased')
    .description(
      'Erases one customer with all its accounts from every table, publishes the warehouse without it, and prints what\nwas erased. It stays forgotten when its sources send it again; its events stay in forgotten_totals, by month.\nErase the person at the sources too: Whalecurve only reads them.',
    )
    .addHelpText(
      'after',
      `${example('whalecurve forget ada@example.org --why "request 4711"', 'whalecurve forget crm:4711 --json')}
Exit code 0: nothing of the person was found any more. 1: values of it stand somewhere still, as the certificate says.
`,
    )
    .action(async (word: string, { why }: { why?: string }, command: Command) => {
      const { json, verbose } = globalOptions(command);
      const config = await loadedConfig(command, io);
      const customerId = await customerOf(config, word);
      const certificate = await untilInterrupted((signal) =>
        forgetCustomer(config, customerId, {
          ...{ now: io.now(), signal, why: why ?? null },
          onProgress: runProgress(io, { isVerbose: verbose, log: config.log }),
        }),
      );
      if (json) printJson(io, certificate);
      else printCertificate(io, certificate);
      io.endWith(certificate.search.left.length === 0 ? 0 : 1);
    });
}

function customerOf(config: LoadedConfig, word: string): Promise<string> {
  return withWarehouse(config, async (warehouse) => {
    const found = await findCustomer(warehouse, word, (email) => accountsWithEmail(config, email));
    return found.customerId;
  });
}

function printCertificate(io: CommandIo, certificate: Certificate): void {
  const { customerId, forgottenAt, why, accounts, erased, runId, search } = certificate;
  const reason = why === null ? '' : ` (${why})`;
  print(
    io,
    `Customer ${customerId} and its ${accounts} accounts were forgotten on ${utcTime(forgottenAt)}${reason}.\n`,
  );
  printTable(
    io,
    ['erased from', 'rows'],
    erased.map(({ table, rows }) => [table, rows]),
  );
  print(io, `\nRun ${runId} published the warehouse without it.`);
  const looked = `${search.values} values of the person in ${search.columns} columns of state and warehouse`;
  if (search.left.length === 0) {
    print(io, `Looked for ${looked}: none is left.`);
    return;
  }
  print(io, `Looked for ${looked}; still there:`);
  printTable(
    io,
    ['column', 'rows'],
    search.left.map(({ column, rows }) => [column, rows]),
  );
}
