import { describe, expect, it } from '@jest/globals';
import { assumptionsInForce } from '../../config/assumptions.ts';
import { configJsonSchema, knownKeys } from '../../config/json-schema.ts';

describe('the JSON Schema of the config', () => {
  it('describes keys, so that editors can complete them', () => {
    expect(configJsonSchema().properties?.reporting?.properties?.timezone).toMatchObject({
      type: 'string',
      description: 'IANA zone in which days and months are counted',
    });
  });

  it('knows the keys of a source of the type that was written, and of no other', () => {
    const root = { sources: { shop: { type: 'files' } } };
    expect(knownKeys(['sources', 'shop'], root).sort()).toEqual([
      'attempts',
      'backoff',
      'drift',
      'on_source_failure',
      'path',
      'tables',
      'timezone',
      'type',
    ]);
  });

  it('knows the keys of the warehouse of the engine that was written', () => {
    const keys = knownKeys(['warehouse'], { warehouse: { engine: 'postgres' } });
    expect(keys).toContain('url');
    expect(keys).not.toContain('path');
  });

  it('lists a default without a published source as an assumption until the config writes its own figure', () => {
    const keys = (written: unknown) => assumptionsInForce(written).map(({ key }) => key);
    expect(keys({})).toContain('value.margin_rate');
    expect(keys({ value: { margin_rate: 0.4 } })).not.toContain('value.margin_rate');
  });
});
