import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The part of JSON Schema that zod writes for a config, as far as it is walked here. */
export interface JsonSchema {
  type?: string;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  [keyword: string]: unknown;
}

/** JSON Schema of `whalecurve.yml`, for editors: completion and red lines while it is being written. */
export function configJsonSchema(): JsonSchema {
  const generated = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return { ...generated, title: 'whalecurve.yml', description: 'What Whalecurve consolidates, and how' };
}

/** The keys that a mapping of the config may have at `path`, given what the file holds there. */
export function knownKeys(path: readonly PropertyKey[], root: unknown): string[] {
  let places = [configJsonSchema()];
  let value = root;
  for (const step of path) {
    places = places.flatMap((place) => branches(place, value)).flatMap((place) => child(place, step));
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  const keys = places
    .flatMap((place) => branches(place, value))
    .flatMap((place) => Object.keys(place.properties ?? {}));
  return [...new Set(keys)];
}

function child(schema: JsonSchema, step: PropertyKey): JsonSchema[] {
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items];
  const named = schema.properties?.[String(step)];
  if (named !== undefined) return [named];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

/** The alternatives that fit what is there: of the kinds of source, only the one whose `type` was written. */
function branches(schema: JsonSchema, value: unknown): JsonSchema[] {
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (alternatives.length === 0) return [schema];
  const fitting = alternatives.filter((alternative) =>
    Object.entries(alternative.properties ?? {}).every(
      ([key, property]) =>
        property.const === undefined ||
        (typeof value === 'object' && value !== null && Reflect.get(value, key) === property.const),
    ),
  );
  return fitting.flatMap((alternative) => branches(alternative, value));
}
