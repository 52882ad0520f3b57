-- The functions of days and times on PostgreSQL; the same as on DuckDB (postgres.sql).

-- days_between(first, last): whole days from the first date to the last.
create or replace function days_between(first_day date, last_day date) returns bigint
  language sql immutable strict parallel safe as $$ select cast(last_day - first_day as bigint) $$;

-- local_date(moment, zone): the calendar day of a UTC timestamp in an IANA zone.
create or replace function local_date(moment timestamp, zone text) returns date
  language sql immutable parallel safe as $$
    select case when zone = 'UTC' then cast(moment as date)
      else cast((moment at time zone 'UTC') at time zone zone as date) end
  $$;

-- utc_timestamp(moment, zone): a moment on the clock of an IANA zone, in UTC. When clocks go back, an hour
-- that happens twice is the second one; when they go forward, a time that is skipped is an hour later.
create or replace function utc_timestamp(moment timestamp, zone text) returns timestamp
  language sql immutable parallel safe as $$
    select case when zone = 'UTC' then moment else (moment at time zone zone) at time zone 'UTC' end
  $$;

-- fit_timestamp(moment), fit_date(day): null outside of the years 1 to 9999, and where it is infinite.
create or replace function fit_timestamp(moment timestamp) returns timestamp
  language sql immutable parallel safe as $$
    select case when moment between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999' then moment end
  $$;
create or replace function fit_date(day date) returns date
  language sql immutable parallel safe as $$
    select case when day between date '0001-01-01' and date '9999-12-31' then day end
  $$;

-- written_timestamp(text): the moment of `2024-12-31` or `2024-12-31 23:59:59.5`, whatever stands behind it. Only for
-- texts of that shape; null where there is no such day or time. Cut by places: regexp_match takes 0.7 ms for this.
create or replace function written_timestamp(value text) returns timestamp
  language plpgsql immutable strict parallel safe as $$
    declare
      bare text := btrim(value, E' \t\r\n\f');
      year integer := substr(bare, 1, 4);
      month integer := substr(bare, 6, 2);
      day integer := substr(bare, 9, 2);
      hour integer := coalesce(nullif(substr(bare, 12, 2), ''), '0');
      minute integer := coalesce(nullif(substr(bare, 15, 2), ''), '0');
      second numeric := case when substr(bare, 17, 1) = ':' then substring(substr(bare, 18) from '^[0-9.]+') else '0' end;
    begin
      if year < 1 or month not between 1 and 12 or day < 1 or hour > 23 or minute > 59 or second >= 60 then
        return null;
      end if;
      if day > 28 and day > extract(day from make_date(year, month, 1) + interval '1 month - 1 day') then
        return null;
      end if;
      return make_timestamp(year, month, day, hour, minute, 0) + trunc(second, 6) * interval '1 second';
    end
  $$;

-- short_timestamp(text): of the shape that most have, up to day 28 of a month, which every month has.
create or replace function short_timestamp(value text) returns timestamp
  language sql stable parallel safe as $$
    select case
      when translate(value, '123456789', '000000000') in ('0000-00-00', '0000-00-00 00:00:00', '0000-00-00T00:00:00')
          and substr(value, 1, 4) <> '0000' and substr(value, 6, 2) between '01' and '12'
          and substr(value, 9, 2) between '01' and '28'
          and substr(value, 12, 2) < '24' and substr(value, 15, 2) < '60' and substr(value, 18, 2) < '60'
        then cast(value as timestamp)
    end
  $$;

-- without_offset(text), with_offset(text): whether it is an ISO 8601 day or moment, without or with an offset.
create or replace function without_offset(value text) returns boolean
  language sql immutable parallel safe as $$
    select value ~ '^[ \t\r\n\f]*[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?[ \t\r\n\f]*$'
  $$;
create or replace function with_offset(value text) returns boolean
  language sql immutable parallel safe as $$
    select value ~ '^[ \t\r\n\f]*[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)? ?([zZ]|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)[ \t\r\n\f]*$'
  $$;
create or replace function written_offset(value text) returns interval
  language plpgsql immutable strict parallel safe as $$
    declare
      -- Behind the day and the blank or T; `+02`, `+0230` and `+02:30`.
      rest text := replace(substr(btrim(value, E' \t\r\n\f'), 12), ' ', '');
      place integer := greatest(strpos(rest, '+'), strpos(rest, '-'));
      digits text := replace(substr(rest, place + 1), ':', '');
      length interval;
    begin
      if place = 0 then return interval '0'; end if;
      length := make_interval(
        hours => cast(substr(digits, 1, 2) as integer),
        mins => cast(coalesce(nullif(substr(digits, 3, 2), ''), '0') as integer));
      return case when substr(rest, place, 1) = '-' then -length else length end;
    end
  $$;

-- try_date(text): the day of `2024-12-31`, also where a time follows it.
create or replace function try_date(value text) returns date
  language sql stable parallel safe as $$
    select cast(coalesce(short_timestamp(value), case when without_offset(value) then written_timestamp(value) end) as date)
  $$;

-- try_timestamp(text, zone): UTC of an ISO 8601 moment; one without an offset is on the clock of the zone.
create or replace function try_timestamp(value text, zone text) returns timestamp
  language sql stable parallel safe as $$
    select coalesce(
      case when zone = 'UTC' then short_timestamp(value)
        else (short_timestamp(value) at time zone zone) at time zone 'UTC' end,
      case
        when without_offset(value) then utc_timestamp(written_timestamp(value), zone)
        when with_offset(value) then written_timestamp(value) - written_offset(value)
      end)
  $$;

-- parsed_by_format(text, format): a strftime pattern in the words of to_timestamp, behind a regular expression,
-- because to_timestamp forgives what does not match. A pattern of the date alone also takes a time behind it.
create or replace function parsed_by_format(value text, format text) returns timestamp
  language plpgsql stable strict parallel unsafe as $$
    declare
      pair text[];
      moment timestamp;
      picture text := format;
      shape text := regexp_replace(format, '([.*+?^${}()|\[\]\\])', '\\\1', 'g');
    begin
      foreach pair slice 1 in array array[
        [' ', ' ', ' +'], ['%Y', 'YYYY', '\d{4}'], ['%y', 'YY', '\d{2}'], ['%m', 'MM', '(?:0?[1-9]|1[0-2])'],
        ['%d', 'DD', '(?:0?[1-9]|[12]\d|3[01])'], ['%H', 'HH24', '(?:[01]?\d|2[0-3])'], ['%I', 'HH12', '(?:0?[1-9]|1[0-2])'],
        ['%M', 'MI', '[0-5]?\d'], ['%S', 'SS', '[0-5]?\d'], ['%f', 'US', '\d{1,6}'], ['%p', 'AM', '[AaPp][Mm]'],
        ['%b', 'Mon', '[A-Za-z]{3}'], ['%B', 'FMMonth', '[A-Za-z]+']
      ] loop
        picture := replace(picture, pair[1], pair[2]);
        shape := replace(shape, pair[1], pair[3]);
      end loop;
      if value !~ ('^\s*' || shape || '\s*$') then
        if position('%H' in format) = 0 and value ~ ('^\s*' || shape || ' +(?:[01]?\d|2[0-3]):[0-5]?\d(?::[0-5]?\d)?\s*$') then
          picture := picture || case when value ~ ':\d{1,2}:' then ' HH24:MI:SS' else ' HH24:MI' end;
        else
          return null;
        end if;
      end if;
      moment := to_timestamp(btrim(value, E' \t\r\n\f'), picture) at time zone current_setting('TimeZone');
      -- The year 69 of two digits is 1969 to strptime.
      if position('%y' in format) > 0 and extract(year from moment) = 2069 then moment := moment - interval '100 years'; end if;
      return fit_timestamp(moment);
    exception when data_exception then
      return null;
    end
  $$;

-- part_by_format(text, format, part): what stands in the place of `%d` in a day like `31/12/2024`; for a part that the
-- format has not, the first.
create or replace function part_by_format(value text, format text, part text) returns text
  language sql immutable parallel safe as $$
    select split_part(split_part(value, ' ', 1), substr(format, 3, 1), (greatest(strpos(format, part), 1) + 2) / 3)
  $$;

-- short_by_format(text, format): of the shape that most have, three numbers with or without zeros before them and the
-- same sign between; up to day 28 of February. Null for others, which parsed_by_format reads. In words that the planner
-- writes into the statement: what hangs on the format alone is computed once, and the rest 20 times as fast.
create or replace function short_by_format(value text, format text) returns timestamp
  language sql stable parallel safe as $$
    select case
      when format ~ '^(%d([/.-])%m\2%[yY]|%m([/.-])%d\3%[yY]|%Y([/.-])%m\4%d)( %H:%M(:%S)?)?$'
          and translate(split_part(value, ' ', 1), '123456789', '000000000') in (
            replace(replace(replace(replace(substr(format, 1, 8), '%d', '00'), '%m', '00'), '%Y', '0000'), '%y', '00'),
            replace(replace(replace(replace(substr(format, 1, 8), '%d', '0'), '%m', '00'), '%Y', '0000'), '%y', '00'),
            replace(replace(replace(replace(substr(format, 1, 8), '%d', '00'), '%m', '0'), '%Y', '0000'), '%y', '00'),
            replace(replace(replace(replace(substr(format, 1, 8), '%d', '0'), '%m', '0'), '%Y', '0000'), '%y', '00'))
          and translate(substr(value, strpos(value || ' ', ' ') + 1), '123456789', '000000000') in (
            case when strpos(format, ':') = 0 then '' else '00:00' || case when strpos(format, '%S') > 0 then ':00' else '' end end,
            case when strpos(format, '%S') > 0 then '00:00:00' else '00:00' end,
            case when strpos(format, ':') = 0 or strpos(format, '%S') > 0 then '00:00:00' else '00:00' end)
          and part_by_format(value, format, '%Y') <> '0000'
          and lpad(part_by_format(value, format, '%m'), 2, '0') between '01' and '12'
          and lpad(part_by_format(value, format, '%d'), 2, '0') between '01' and
            case when lpad(part_by_format(value, format, '%m'), 2, '0') = '02' then '28'
              when lpad(part_by_format(value, format, '%m'), 2, '0') in ('04', '06', '09', '11') then '30' else '31' end
          and substr(value, strpos(value || ' ', ' ') + 1, 2) < '24' and substr(value, strpos(value || ' ', ' ') + 4, 2) < '60'
          and substr(value, strpos(value || ' ', ' ') + 7, 2) < '60'
        then cast(
          case when strpos(format, '%Y') > 0 then part_by_format(value, format, '%Y')
            when part_by_format(value, format, '%y') >= '69' then '19' || part_by_format(value, format, '%y')
            else '20' || part_by_format(value, format, '%y') end
          || '-' || part_by_format(value, format, '%m') || '-' || part_by_format(value, format, '%d')
          || ' ' || substr(value, strpos(value || ' ', ' ') + 1) as timestamp)
    end
  $$;

-- try_timestamp_format(text, format, zone), try_date_format(text, format): the same for a strftime pattern.
create or replace function try_date_format(value text, format text) returns date
  language sql stable parallel unsafe as $$
    select cast(coalesce(short_by_format(value, format), parsed_by_format(value, format)) as date)
  $$;
create or replace function try_timestamp_format(value text, format text, zone text) returns timestamp
  language sql stable parallel unsafe as $$
    select coalesce(
      case when zone = 'UTC' then short_by_format(value, format)
        else (short_by_format(value, format) at time zone zone) at time zone 'UTC' end,
      utc_timestamp(parsed_by_format(value, format), zone))
  $$;
