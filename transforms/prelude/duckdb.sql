-- The functions that complete the common dialect on DuckDB. postgres.sql defines the same names with the
-- same results; test/transforms/prelude holds both to it.

-- days_between(first, last): whole days from the first date to the last.
create or replace temp macro days_between(first_day, last_day) as cast(date_diff('day', first_day, last_day) as bigint);

-- div(a, b): whole quotient, towards zero; null where b is 0.
create or replace temp macro div(a, b) as (cast(a as bigint) // nullif(cast(b as bigint), 0));

-- local_date(moment, zone): the calendar day of a UTC timestamp in an IANA zone.
create or replace temp macro local_date(moment, zone) as
  case when zone = 'UTC' then cast(moment as date)
    else cast((cast(moment as timestamp) at time zone 'UTC') at time zone zone as date) end;

-- utc_timestamp(moment, zone): a moment on the clock of an IANA zone, in UTC. When clocks go back, an hour
-- that happens twice is the second one; when they go forward, a time that is skipped is an hour later.
create or replace temp macro utc_timestamp(moment, zone) as
  case when zone = 'UTC' then cast(moment as timestamp)
    else (cast(moment as timestamp) at time zone zone) at time zone 'UTC' end;

-- unaccent_lower(text): lower case without marks, for comparison.
create or replace temp macro unaccent_lower(value) as lower(strip_accents(nfc_normalize(value)));

-- stripped(text): without the white space around it: blanks, also those of other widths and the one that keeps words
-- together.
create or replace temp macro stripped(value) as system.main.trim(value);

-- trim(text), ltrim(text), rtrim(text): DuckDB's own do what stripped does; here they take away blanks alone, as in
-- standard SQL. btrim is another name of trim.
create or replace temp macro trim(value) as system.main.trim(value, ' '),
  (value, letters) as system.main.trim(value, letters);
create or replace temp macro btrim(value) as system.main.trim(value, ' '),
  (value, letters) as system.main.trim(value, letters);
create or replace temp macro ltrim(value) as system.main.ltrim(value, ' '),
  (value, letters) as system.main.ltrim(value, letters);
create or replace temp macro rtrim(value) as system.main.rtrim(value, ' '),
  (value, letters) as system.main.rtrim(value, letters);

-- octet_length(text): bytes in UTF-8.
create or replace temp macro octet_length(value) as strlen(value);

-- reverse(text): by characters; DuckDB's own keeps a letter and its combining marks together.
create or replace temp macro reverse(value) as
  case when length(value) = strlen(value) then system.main.reverse(value)
    else array_to_string(list_reverse(regexp_extract_all(value, '(?s).')), '') end;

-- double_as_text(x): whole numbers below 9 × 10^18 in full (tools that know no whole numbers with gaps write
-- the id 13085 as 13085.0), others as short as they can be read back. A cast that may fail is never written: DuckDB
-- computes it for every row where the same stands twice in a statement, whatever the case before it says.
create or replace temp macro double_as_text(x) as
  case
    when x = trunc(x) and abs(x) < 9e18 then cast(try_cast(x as bigint) as varchar)
    when isnan(x) then 'NaN'
    when isinf(x) then case when x > 0 then 'Infinity' else '-Infinity' end
    else cast(x as varchar)
  end;

-- in_digits(number): a plain number without its exponent, 0.00012 for 1.2e-4: DuckDB casts texts with an exponent to
-- wrong decimals (9.24e-178 to 0.0001). A macro writes what it is given wherever it names it; a lambda names its value
-- and computes it once: without, try_money(v) took 67 ms to plan.
create or replace temp macro with_point(digits, place) as
  case
    when place <= 0 then '0.' || repeat('0', -place) || digits
    when place >= length(digits) then digits || repeat('0', place - length(digits))
    else left(digits, place) || '.' || substr(digits, place + 1)
  end;
create or replace temp macro moved_point(bare, exponent) as
  with_point(replace(bare, '.', ''), length(split_part(bare, '.', 1)) + exponent);
create or replace temp macro in_digits(value) as
  list_transform([value], lambda number:
    case when contains(number, 'e') or contains(number, 'E')
      then case when starts_with(number, '-') then '-' else '' end
        || list_transform(
          [{bare: ltrim(split_part(lower(number), 'e', 1), '+-'), exponent: try_cast(split_part(lower(number), 'e', 2) as integer)}],
          lambda part: moved_point(part.bare, part.exponent))[1]
      else number end)[1];

-- has_exponent(double): whether its text has one, or is no number at all.
create or replace temp macro has_exponent(x) as not (x = 0 or abs(x) between 1e-4 and 9e15);

-- money(x): exact amount with four decimals, rounded half away from zero. A double counts as its shortest text, which
-- has an exponent below 0.0001, where the rounding is plain, and beyond what a decimal holds. Written for few words:
-- each of them is planned wherever money is named.
create or replace temp macro money(x) as
  case
    when typeof(x) <> 'DOUBLE' then cast(x as decimal(18, 4))
    when abs(x) < 1e-4 then cast(case when abs(x) >= 5e-5 then sign(x) else 0 end * 0.0001 as decimal(18, 4))
    else cast(cast(x as varchar) as decimal(18, 4))
  end;

-- divide_money(a, b): a / b with four decimals, rounded half away from zero; null where b is 0. DuckDB divides
-- decimals as doubles, so this divides whole numbers: twice the dividend plus the divisor over twice the divisor
-- rounds a half away from zero: // cuts off. Amounts below 10^9 fit 64 bits, which is several times as fast; others are scaled by 10^8 (a by
-- 10^4 more) in 128 bits, at most 28 digits each.
create or replace temp macro rounded_quotient(a, b) as (20000 * a + sign(a) * abs(b)) // nullif(2 * b, 0);
create or replace temp macro small_units(x) as
  cast(try_cast(x as decimal(13, 4)) * cast(10000 as decimal(5, 0)) as bigint);
create or replace temp macro large_units(x) as
  cast(cast(x as decimal(28, 8)) * cast(100000000 as decimal(10, 0)) as hugeint);
create or replace temp macro divide_money(a, b) as
  case
    when try_cast(a as decimal(13, 4)) = a and try_cast(b as decimal(13, 4)) = b
      then cast(cast(rounded_quotient(small_units(a), small_units(b)) as decimal(18, 0)) * cast(0.0001 as decimal(4, 4))
        as decimal(18, 4))
    else cast(cast(rounded_quotient(large_units(a), large_units(b)) as decimal(34, 0)) * cast(0.0001 as decimal(4, 4))
      as decimal(18, 4))
  end;

-- fit_money(x), fit_rate(x), fit_integer(x): a number as that type; null where it has no room for it, and for
-- fit_integer where it is not whole. A double counts as its shortest text.
create or replace temp macro fit_money(x) as
  case
    when typeof(x) <> 'DOUBLE' then try_cast(x as decimal(18, 4))
    when abs(x) < 1e-4 then cast(case when abs(x) >= 5e-5 then sign(x) else 0 end * 0.0001 as decimal(18, 4))
    else try_cast(cast(x as varchar) as decimal(18, 4))
  end;
create or replace temp macro fit_rate(x) as
  case
    when typeof(x) <> 'DOUBLE' then try_cast(x as decimal(18, 8))
    when has_exponent(x) then try_cast(in_digits(cast(x as varchar)) as decimal(18, 8))
    else try_cast(double_as_text(x) as decimal(18, 8))
  end;
create or replace temp macro fit_integer(x) as case when x = trunc(x) then try_cast(x as bigint) end;

-- fit_timestamp(moment), fit_date(day): null outside of the years 1 to 9999, and where it is infinite.
create or replace temp macro fit_timestamp(moment) as
  case when moment between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999' then moment end;
create or replace temp macro fit_date(day) as
  case when day between date '0001-01-01' and date '9999-12-31' then day end;

-- is_finite(x): false for NaN and the infinities.
create or replace temp macro is_finite(x) as isfinite(x);

-- plain_number(text): a number as files write it (`1234.56`, `1,234.56`, `1 234.56`, `1e3`) without its groups;
-- null for anything else. plain_number_comma reads `1.234,56`.
create or replace temp macro plain_number(value) as
  case
    when regexp_full_match(value, '\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*') then regexp_replace(value, '\s', '', 'g')
    when regexp_full_match(value, '\s*[+-]?[0-9]{1,3}([, ''\x{00A0}\x{202F}][0-9]{3})+(\.[0-9]*)?\s*')
      then regexp_replace(value, '[^0-9.+-]', '', 'g')
  end;
create or replace temp macro plain_number_comma(value) as
  case
    when regexp_full_match(value, '\s*[+-]?([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]{1,3})?\s*')
      then replace(regexp_replace(value, '\s', '', 'g'), ',', '.')
    when regexp_full_match(value, '\s*[+-]?[0-9]{1,3}([. ''\x{00A0}\x{202F}][0-9]{3})+(,[0-9]*)?\s*')
      then replace(regexp_replace(value, '[^0-9,+-]', '', 'g'), ',', '.')
  end;

-- try_…(text): the value that the text writes; null where it writes none, or one beyond the type. The cast
-- alone reads plain digits, and is three times as fast as the patterns of plain_number; what it would read
-- and PostgreSQL would not (`1_000`, `0x1F`, and 1.5 as 2) goes the long way.
create or replace temp macro is_plain(value) as
  not (contains(value, '_') or contains(value, 'e') or contains(value, 'E') or contains(value, chr(11)));
create or replace temp macro try_money(value) as coalesce(
  case when is_plain(value) then try_cast(value as decimal(18, 4)) end,
  case when contains(lower(value), 'e') then try_cast(in_digits(plain_number(value)) as decimal(18, 4))
    else try_cast(plain_number(value) as decimal(18, 4)) end);
create or replace temp macro try_money_comma(value) as case when contains(lower(value), 'e') then try_cast(in_digits(plain_number_comma(value)) as decimal(18, 4))
    else try_cast(plain_number_comma(value) as decimal(18, 4)) end;
create or replace temp macro try_rate(value) as coalesce(
  case when is_plain(value) then try_cast(value as decimal(18, 8)) end,
  case when contains(lower(value), 'e') then try_cast(in_digits(plain_number(value)) as decimal(18, 8))
    else try_cast(plain_number(value) as decimal(18, 8)) end);
create or replace temp macro try_rate_comma(value) as case when contains(lower(value), 'e') then try_cast(in_digits(plain_number_comma(value)) as decimal(18, 8))
    else try_cast(plain_number_comma(value) as decimal(18, 8)) end;
create or replace temp macro finite(x) as
  case when abs(x) < 1e-307 then cast(0 as double) when isfinite(x) then x end;
create or replace temp macro try_double(value) as finite(try_cast(plain_number(value) as double));
create or replace temp macro try_double_comma(value) as finite(try_cast(plain_number_comma(value) as double));
create or replace temp macro whole_number(value) as
  case when regexp_full_match(value, '[+-]?[0-9]+(\.0*)?') then try_cast(split_part(value, '.', 1) as bigint) end;
create or replace temp macro try_integer(value) as
  case when regexp_full_match(value, '[+-]?[0-9]+') then try_cast(value as bigint)
    else whole_number(plain_number(value)) end;
create or replace temp macro try_integer_comma(value) as
  case when regexp_full_match(value, '[+-]?[0-9]+') then try_cast(value as bigint)
    else whole_number(plain_number_comma(value)) end;

-- try_boolean(text): true, t, yes, y, ja, 1 and false, f, no, n, nein, 0, in any case.
create or replace temp macro try_boolean(value) as
  case
    when lower(stripped(value)) in ('true', 't', 'yes', 'y', 'ja', '1') then true
    when lower(stripped(value)) in ('false', 'f', 'no', 'n', 'nein', '0') then false
  end;

-- bare_timestamp(text): DuckDB's cast takes no white space behind a day.
create or replace temp macro bare_timestamp(value) as
  coalesce(try_cast(value as timestamp), try_cast(regexp_replace(value, '^\s+|\s+$', '', 'g') as timestamp));

-- try_date(text): the day of `2024-12-31`, also where a time follows it.
create or replace temp macro try_date(value) as
  case when regexp_full_match(value, '\s*([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?\s*')
    then cast(bare_timestamp(value) as date) end;

-- try_timestamp(text, zone): UTC of an ISO 8601 moment; one without an offset is on the clock of the zone.
create or replace temp macro try_timestamp(value, zone) as
  case
    when regexp_full_match(value, '\s*([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?\s*')
      then utc_timestamp(bare_timestamp(value), zone)
    when regexp_full_match(value, '\s*([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)? ?([zZ]|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)\s*')
      then coalesce(
        try_cast(value as timestamptz),
        -- DuckDB wants the seconds, and no blank before the offset.
        try_cast(
          regexp_replace(
            regexp_replace(upper(trim(value)), ' ?(Z|[+-][0-9:]+)$', '\1'),
            '([T ][0-9]{2}:[0-9]{2})(Z|[+-])', '\1:00\2')
          as timestamptz)) at time zone 'UTC'
  end;

-- try_timestamp_format(text, format, zone), try_date_format(text, format): the same for a strftime pattern; a
-- pattern of the date alone also takes a time behind it. A year has four digits, or two where the pattern says %y.
create or replace temp macro parsed_by_format(value, format) as
  case when regexp_matches(value, case when contains(format, '%Y') then '[0-9]{4}' else '[0-9]' end)
    then fit_timestamp(try_strptime(trim(value), [format, format || ' %H:%M:%S', format || ' %H:%M'])) end;
create or replace temp macro try_date_format(value, format) as cast(parsed_by_format(value, format) as date);
create or replace temp macro try_timestamp_format(value, format, zone) as
  utc_timestamp(parsed_by_format(value, format), zone);
