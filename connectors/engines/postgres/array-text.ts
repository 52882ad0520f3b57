import type { Cell } from '../engine.ts';

/** OID of the elements by OID of the array, for the built-in types that a model or a question may give. */
export const elementTypes: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1001, 17],
  [1005, 21],
  [1007, 23],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1115, 1114],
  [1182, 1082],
  [1183, 1083],
  [1185, 1184],
  [1231, 1700],
  [2951, 2950],
]);

export type Items = (Cell | Items)[];

/** The items of an array as PostgreSQL writes it: `{1,NULL,"a,\"b"}`, `{{1,2},{3,4}}`, `[0:1]={5,6}`. */
export function arrayItems(text: string, itemOf: (item: string | null) => Cell): Items {
  let at = text.indexOf('{') + 1;
  return items();

  function items(): Items {
    const found: Items = [];
    while (text[at] !== '}') {
      found.push(item());
      if (text[at] === ',') at += 1;
    }
    at += 1;
    return found;
  }

  function item(): Cell | Items {
    if (text[at] === '{') {
      at += 1;
      return items();
    }
    if (text[at] === '"') return itemOf(quoted());
    const start = at;
    while (text[at] !== ',' && text[at] !== '}') at += 1;
    const bare = text.slice(start, at);
    return itemOf(bare === 'NULL' ? null : bare);
  }

  function quoted(): string {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      value += text[at];
    }
    at += 1;
    return value;
  }
}
