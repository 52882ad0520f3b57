import { type CountryCode, getCountries } from 'libphonenumber-js';
import type { Step } from '../step.ts';
import { appendLines, holdsSeparator } from './append-lines.ts';

/**
 * ISO 3166 codes of the countries as the sources write them. Node knows the names of all regions in every
 * language (CLDR), so no list of names is kept here.
 */
export const countryDictionary: Step = {
  table: { schema: 'identity', table: 'country_dictionary' },
  needs: ['entities.accounts'],
  header: {
    comment: 'ISO 3166 code of each country as a source writes it',
    grain: 'one way of writing a country',
    key: ['country'],
    tests: [],
    columns: {
      country: 'As written in entities.accounts',
      iso_code: 'ISO 3166 alpha-2 code; null where the text names no country',
    },
  },
  build: async (engine) => {
    const written = await engine.query<{ country: string }>(
      `select distinct country from entities.accounts where country is not null order by country nulls last`,
    );
    const table = { schema: 'identity', table: 'country_dictionary' };
    await engine.buildTable(
      table,
      'select cast(null as text) as country, cast(null as text) as iso_code where 1 = 0',
    );
    const codes = written
      .filter(({ country }) => country !== '' && !holdsSeparator(country))
      .map(({ country }) => [country, countryCode(country) ?? '']);
    await appendLines(engine, table, ['country', 'iso_code'], codes);
    return codes.length;
  },
};

/** Languages whose names of countries are understood. */
const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'sv'];

/** Ways of writing that CLDR does not have. */
const otherNames: Readonly<Record<string, CountryCode>> = {
  usa: 'US',
  'united states of america': 'US',
  america: 'US',
  uk: 'GB',
  gbr: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  deu: 'DE',
  ger: 'DE',
  fra: 'FR',
  esp: 'ES',
  ita: 'IT',
  nld: 'NL',
  holland: 'NL',
  'the netherlands': 'NL',
  aut: 'AT',
  che: 'CH',
  bel: 'BE',
  can: 'CA',
  aus: 'AU',
  irl: 'IE',
  eire: 'IE',
  prt: 'PT',
  pol: 'PL',
  swe: 'SE',
  dnk: 'DK',
  nor: 'NO',
  fin: 'FI',
  'czech republic': 'CZ',
};

let codesByName: Map<string, CountryCode> | undefined;

/** The code of a country written as code or by its name; undefined where nothing is known. */
export function countryCode(text: string): CountryCode | undefined {
  codesByName ??= allNames();
  return codesByName.get(text.trim().toLowerCase());
}

function allNames(): Map<string, CountryCode> {
  const codes = getCountries();
  const names = languages.map((language) => new Intl.DisplayNames([language], { type: 'region' }));
  return new Map([
    ...names.flatMap((of) => codes.map((code) => [(of.of(code) ?? code).toLowerCase(), code] as const)),
    ...codes.map((code) => [code.toLowerCase(), code] as const),
    ...Object.entries(otherNames),
  ]);
}
