import { configJsonSchema, type JsonSchema } from './json-schema.ts';

/** A default that no publication stands behind: it holds until the config says otherwise. */
export interface Assumption {
  /** `value.cost_rates.order` */
  key: string;
  value: unknown;
  /** What the value is for, and where it comes from. */
  text: string;
}

/** The assumptions that `written`, the config as its file has it, leaves in force. */
export function assumptionsInForce(written: unknown): Assumption[] {
  return [...assumptionsBelow(configJsonSchema(), written, [])];
}

/** What is said of a group of keys holds for each of them. */
function* assumptionsBelow(
  schema: JsonSchema,
  written: unknown,
  path: readonly string[],
  groupText = '',
): Generator<Assumption> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const value = typeof written === 'object' && written !== null ? Reflect.get(written, name) : undefined;
    const text = property.description ?? groupText;
    const key = [...path, name];
    if (Object.keys(property.properties ?? {}).length > 0) {
      yield* assumptionsBelow(property, value, key, text);
    } else if (value === undefined && 'default' in property && /\bassumption\b/i.test(text)) {
      yield { key: key.join('.'), value: property.default, text };
    }
  }
}
