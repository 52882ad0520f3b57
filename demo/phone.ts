import type { Country, Town } from './names/places.ts';

const callingCodes: Record<Country, string> = { GB: '44', IE: '353', DE: '49', FR: '33' };

/** A mobile number in E.164; no two customers have the same one. */
export function mobile(country: Country, index: number): string {
  const digits = (count: number): string => scattered(index, count);
  const national = {
    GB: () => `7${1 + (index % 3)}${digits(8)}`,
    IE: () => `8${[3, 5, 6, 7, 9][index % 5]}${digits(7)}`,
    DE: () => `151${digits(8)}`,
    FR: () => `6${digits(8)}`,
  };
  return `+${callingCodes[country]}${national[country]()}`;
}

/** A landline in the town, in E.164. */
export function landline(country: Country, town: Town, index: number): string {
  const area = town.areaCode.replace(/^0/, '');
  const length = { GB: 10, IE: 8, DE: 10, FR: 9 }[country] - area.length;
  // Subscriber numbers begin with 2 to 8.
  return `+${callingCodes[country]}${area}${2 + (index % 7)}${scattered(index, length - 1)}`;
}

/** A number as somebody writes it: international, national, with blanks, brackets or strokes. */
export function writtenPhone(number: string, country: Country, style: number): string {
  const code = callingCodes[country];
  const national = number.slice(1 + code.length);
  const head = national.slice(0, 3);
  const tail = national.slice(3);
  const halves = `${tail.slice(0, 3)} ${tail.slice(3)}`;
  switch (style % 6) {
    case 0:
      return number;
    case 1:
      return `0${head} ${halves}`;
    case 2:
      return `+${code} ${head} ${halves}`;
    case 3:
      return `00${code}${national}`;
    case 4:
      return `+${code} (0)${head} ${tail}`;
    default:
      return `0${head}-${tail}`;
  }
}

/** A bijection of the numbers below 10^count, so that neighbours do not have neighbouring numbers. */
function scattered(index: number, count: number): string {
  const size = 10 ** count;
  return String((index * 7_390_697 + 1_234_577) % size).padStart(count, '0');
}
