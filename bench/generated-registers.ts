import { join } from 'node:path';
import { csvHeader, csvLines, plainStyle } from '../demo/csv-line.ts';
import { customerOf } from '../demo/customer.ts';
import { type Random, randomOf } from '../demo/random.ts';
import { TextFile } from '../demo/text-file.ts';

const purpose = { names: 90, organisations: 91 };
const seed = 7;

const columns = [
  'account_number',
  'source',
  'given_name',
  'family_name',
  'date_of_birth',
  'company_name',
  'street',
  'city',
  'postcode',
  'phone',
  'truth',
] as const;

type Entry = Partial<Record<(typeof columns)[number], string | number | null>>;

/**
 * People of whom nothing is known but names and date of birth: one in ten stands there twice, with one slip of the
 * pen in the second entry. As scarce in duplicates as registers are, so that a fit can go wrong.
 */
export function writeNamesAndDates(people: number, folder: string): void {
  writeEntries(folder, function* entries(): Generator<Entry> {
    for (let index = 0; index < people; index += 1) {
      const random = randomOf(seed, index, purpose.names);
      const { givenName, familyName, birthDate } = customerOf(seed, index);
      const born = new Date(birthDate).toISOString().slice(0, 10);
      const entry = { given_name: givenName, family_name: familyName, date_of_birth: born, truth: index };
      yield entry;
      if (!random.chance(0.1)) continue;
      const slips: (() => Entry)[] = [
        () => ({ ...entry, given_name: mistyped(random, givenName) }),
        () => ({ ...entry, family_name: mistyped(random, familyName) }),
        () => ({ ...entry, date_of_birth: otherDigit(random, born) }),
        () => ({ ...entry, given_name: familyName, family_name: givenName }),
        () => ({ ...entry, date_of_birth: null }),
      ];
      yield random.pick(slips)();
    }
  });
}

/** Companies in an official register and, most of them, in a second system, as somebody wrote them down there. */
export function writeOrganisations(organisations: number, folder: string): void {
  writeEntries(folder, function* entries(): Generator<Entry> {
    let found = 0;
    for (let index = 0; found < organisations; index += 1) {
      const { company, address, earlierAddress, landline, phone } = customerOf(seed, index);
      if (company === null) continue;
      found += 1;
      const random = randomOf(seed, index, purpose.organisations);
      const registered = `${company.name} ${company.legalForm}`;
      const place = { street: address.street, city: address.town, postcode: address.postcode };
      const truth = index;
      yield { source: 'register', company_name: registered, ...place, phone: landline, truth };
      for (
        let copies = random.weighted([
          [0, 3],
          [1, 6],
          [2, 1],
        ] as const);
        copies > 0;
        copies -= 1
      ) {
        const isMoved = random.chance(0.07);
        const now = isMoved ? earlierAddress : address;
        yield {
          source: 'contacts',
          company_name: casuallyWritten(random, company.name),
          street: random.chance(0.15)
            ? null
            : random.chance(0.08)
              ? mistyped(random, now.street)
              : now.street,
          city: random.chance(0.05) ? null : now.town,
          postcode: random.chance(0.1)
            ? null
            : random.chance(0.05)
              ? mistyped(random, now.postcode)
              : now.postcode,
          phone: random.chance(0.5) ? null : random.chance(0.7) ? landline : phone,
          truth,
        };
      }
    }
  });
}

export function generatedRegisterSql(folder: string): string {
  return `select account_number::bigint as account_number, * exclude (account_number)
    from read_csv('${join(folder, 'register.csv')}', all_varchar = true, header = true)`;
}

function writeEntries(folder: string, entries: () => Iterable<Entry>): void {
  const file = new TextFile(join(folder, 'register.csv'));
  const kinds = Object.fromEntries(columns.map((name) => [name, 'text'] as const));
  file.write(csvHeader(kinds, plainStyle));
  const line = csvLines(kinds, plainStyle);
  let number = 0;
  for (const entry of entries()) {
    number += 1;
    file.write(line(columns.map((name) => (name === 'account_number' ? number : (entry[name] ?? null)))));
  }
  file.close();
}

function casuallyWritten(random: Random, name: string): string {
  const words = name.split(' ');
  if (words.length > 2 && random.chance(0.08)) words.splice(random.integer(1, words.length - 2), 1);
  const last = words.at(-1) ?? '';
  if (random.chance(0.06)) words[words.length - 1] = `${last.slice(0, 4)}.`;
  if (random.chance(0.1)) words[0] = mistyped(random, words[0] ?? '');
  if (random.chance(0.3)) words.push(random.pick(['Ltd', 'Limited', 'GmbH', 'and Co']));
  return words.join(' ');
}

function mistyped(random: Random, word: string): string {
  const at = random.integer(1, Math.max(1, word.length - 2));
  const [head, tail] = [word.slice(0, at), word.slice(at + 1)];
  return random.pick([
    head + tail,
    `${head}${word.charAt(at)}${word.slice(at)}`,
    `${head}${'aeiounrst'.charAt(random.integer(0, 8))}${tail}`,
    `${word.slice(0, at - 1)}${word.charAt(at)}${word.charAt(at - 1)}${tail}`,
  ]);
}

function otherDigit(random: Random, date: string): string {
  const at = random.pick([2, 3, 6, 9]);
  return `${date.slice(0, at)}${(Number(date.charAt(at)) + 1) % 10}${date.slice(at + 1)}`;
}
