import type { Command } from 'commander';
import type { LoadedConfig } from '../config/schema.ts';
import { publishedTables } from '../jobs/published-tables.ts';
import { accountsWithEmail } from '../report/customer/accounts-with-email.ts';
import { type Explanation, readExplanation } from '../report/customer/explanation.ts';
import { findCustomer } from '../report/customer/find-customer.ts';
import { withWarehouse } from '../report/warehouse.ts';
import { type CommandIo, printJson } from './command-io.ts';
import { example } from './example.ts';
import { printExplanation } from './explain/print-explanation.ts';
import { globalOptions, loadedConfig } from './global-options.ts';

/** `whalecurve explain CUSTOMER`, and `whalecurve explain ACCOUNT ACCOUNT` */
export function registerExplain(program: Command, io: CommandIo): void {
  program
    .command('explain')
    .argument('<customer>', 'customer id of today or of old, e-mail, account_ref, or source:account_ref')
    .argument(
      '[account]',
      'a second account: why the two, each as source:account_ref, are one customer or two',
    )
    .summary('who a customer is, what it is worth, and why')
    .description(
      'Shows one customer of the last published run: where each value of it comes from, why its accounts are one\ncustomer, what it is worth with every formula, its score part by part, and what would raise it.\nWith two accounts: the evidence that they are one customer, weighed in bits, or what keeps them apart.',
    )
    .addHelpText(
      'after',
      example(
        'whalecurve explain ada@example.org',
        'whalecurve explain crm:4711 --json',
        'whalecurve explain crm:4711 shop:77',
      ),
    )
    .action(async (word: string, other: string | undefined, _options: unknown, command: Command) => {
      if (other !== undefined) {
        // Loaded here: who asks for a customer does not wait for the matching of accounts.
        const { explainPair } = await import('./explain/explain-pair.ts');
        return explainPair(word, other, command, io);
      }
      const config = await loadedConfig(command, io);
      const explanation = await explainCustomer(config, word);
      if (globalOptions(command).json) printJson(io, explanation);
      else printExplanation(io, explanation);
    });
}

function explainCustomer(config: LoadedConfig, word: string): Promise<Explanation> {
  return withWarehouse(config, async (warehouse) => {
    const found = await findCustomer(warehouse, word, (email) => accountsWithEmail(config, email));
    const published = await publishedTables(config);
    const comments = published.find(({ name }) => name === 'customer_value')?.columnComments ?? {};
    return readExplanation(warehouse, found, comments);
  });
}
