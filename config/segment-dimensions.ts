/** Columns of `customers` by which customers are divided. */
export const segmentDimensions = [
  'kind',
  'country',
  'region',
  'industry',
  'channel',
  'acquisition_source',
  'sales_rep',
  'territory',
] as const;

/** What the value stage adds to them: its own verdicts. */
export const valueDimensions = ['tier', 'value_band', 'value_group'] as const;
