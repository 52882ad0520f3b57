/**
 * Functions that PostgreSQL 15 and DuckDB both have, under one name and with one meaning, and those of the
 * prelude that make up for the rest. What is not here, no model and no mapping may call.
 */

/** Take text and look at its characters: a raw text column goes into them as it is. */
export const textFunctions = new Set([
  ...['lower', 'upper', 'trim', 'btrim', 'ltrim', 'rtrim', 'replace', 'translate', 'reverse', 'repeat'],
  ...['left', 'right', 'lpad', 'rpad', 'substring', 'substr', 'position', 'strpos', 'split_part', 'length'],
  ...['char_length', 'octet_length', 'concat', 'concat_ws', 'starts_with', 'regexp_replace', 'md5', 'ascii'],
  ...['unaccent_lower', 'try_money', 'try_money_comma', 'try_rate', 'try_rate_comma', 'try_integer'],
  ...['try_integer_comma', 'try_double', 'try_double_comma', 'try_boolean', 'try_date', 'try_date_format'],
  ...['try_timestamp', 'try_timestamp_format', 'stripped'],
]);

/** Take numbers, dates and truth values. */
export const valueFunctions = new Set([
  ...['abs', 'ceil', 'ceiling', 'floor', 'round', 'trunc', 'sign', 'mod', 'power', 'sqrt', 'exp', 'ln'],
  ...['log10', 'chr', 'date_trunc', 'date_part', 'extract', 'make_date', 'timezone'],
  ...['money', 'divide_money', 'div', 'days_between', 'local_date', 'utc_timestamp'],
  ...['fit_money', 'fit_rate', 'fit_integer', 'fit_timestamp', 'fit_date', 'is_finite', 'double_as_text'],
]);

export const aggregateFunctions = new Set([
  ...['count', 'sum', 'min', 'max', 'avg', 'bool_and', 'bool_or', 'string_agg', 'stddev_samp', 'stddev_pop'],
  ...['var_samp', 'var_pop', 'corr', 'percentile_cont', 'percentile_disc'],
]);

export const windowFunctions = new Set([
  ...['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile', 'lag', 'lead'],
  ...['first_value', 'last_value', 'nth_value'],
]);

/** Give rows; allowed in the `from` of a model. */
export const rowFunctions = new Set(['generate_series', 'unnest', 'string_to_array']);

/** Different at each call: a run that used one could not be repeated. */
export const volatileFunctions = new Set([
  ...['now', 'random', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp', 'timeofday'],
  ...['gen_random_uuid', 'uuid', 'setseed', 'nextval', 'currval', 'today', 'get_current_timestamp', 'age'],
]);

/**
 * Operators that mean the same on both engines. `~` matches a part of the text on one and the whole on the other,
 * `^` and `/` give other types, `//` and `**` exist on one only; `~~` is how the parser spells `like`.
 */
export const commonOperators = new Set([
  ...['+', '-', '*', '%', '||', '=', '<>', '<', '>', '<=', '>=', '~~', '!~~', '~~*', '!~~*'],
  ...['BETWEEN', 'NOT BETWEEN'],
]);
