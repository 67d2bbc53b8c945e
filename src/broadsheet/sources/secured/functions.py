"""Functions that a dataset's query may call: none reads files, network or settings, none has side effects.

Names are sqlglot's own (``sql_name()``) or, for functions that it does not know, as written; all in lower case.
"""

from __future__ import annotations

_LOGIC = "and or not xor case if coalesce nullif greatest least ifnull nvl2 in between exists cast try_cast"
_NUMBERS = (
    "abs ceil ceiling floor round sign sqrt cbrt exp ln log log2 log10 pow power mod div safe_divide trunc isnan is_nan "
    "is_inf degrees radians sin cos tan asin acos atan atan2 width_bucket int64 bitwise_and bitwise_or"
)
_TEXT = (
    "concat concat_ws upper lower trim ltrim rtrim initcap substring substr left right length char_length replace "
    "lpad rpad pad reverse split_part split string_split str_position strpos position contains starts_with ends_with startswith "
    "endswith regexp_like regexp_replace regexp_extract regexp_matches ascii chr unicode md5 md5_digest sha sha2 translate "
    "repeat format_number to_char to_number levenshtein dpipe safe_concat"
)
_TIME = (
    "date date_trunc timestamp_trunc datetime_trunc date_add date_sub date_diff datediff date_part extract year month day "
    "quarter week week_of_year hour minute second day_of_week dayofweek isodow day_of_month day_of_year dayofyear strftime "
    "time_to_str str_to_date str_to_time ts_or_ds_to_date ts_or_ds_add to_date make_date make_timestamp date_from_parts "
    "timestamp_from_parts last_day at_time_zone julianday datetime time unix_to_time epoch to_timestamp age interval "
    "monthname dayname timestamp ts_or_ds_to_timestamp current_date current_timestamp"
)
_AGGREGATES = (
    "count count_if countif sum avg min max any_value first last median mode stddev stddev_pop stddev_samp variance "
    "variance_pop var_pop var_samp corr covar_pop covar_samp quantile quantile_cont percentile_cont percentile_disc "
    "approx_distinct approx_count_distinct approx_quantile arg_max arg_min max_by min_by string_agg group_concat array_agg list "
    "bool_and bool_or logical_and logical_or filter distinct total"
)
_WINDOWS = (
    "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value window over"
)
_SHAPES = "unnest explode struct struct_extract json_extract json_extract_scalar array grouping"

ALLOWED = frozenset(" ".join((_LOGIC, _NUMBERS, _TEXT, _TIME, _AGGREGATES, _WINDOWS, _SHAPES)).split())

# What one database has besides. Left out on purpose: LOAD_FILE, SLEEP, BENCHMARK, locks, sequences, UPDATEXML and
# EXTRACTVALUE (whose errors quote data), and what tells of the server or its users.
_MARIADB = (
    "timestampdiff timestamp_diff timestamp_add convert_timezone unix_timestamp now utc_timestamp weekday yearweek makedate "
    "time_from_parts from_days sec_to_time time_to_sec timediff adddate subdate addtime subtime add_months microsecond "
    "period_add period_diff time_format json_unquote json_value json_contains json_length stuff hex unhex field elt mid "
    "substring_index find_in_set crc32 space regexp_substr regexp_instr conv ord strcmp number_to_str oct bin pi cot "
    "bit_length octet_length soundex bitwise_and_agg bitwise_or_agg bitwise_xor_agg collate"
)

_SNOWFLAKE = (
    "parse_json ratio_to_report add_months months_between convert_timezone regexp_count hll equal_null dayofweek_iso hash "
    "to_timestamp_ntz decode_case time_slice conditional_true_event"
)
_BIGQUERY = (
    "timestampdiff datetime_diff timestamp_add timestamp_sub datetime_add datetime_sub approx_quantiles unix_seconds unix_millis "
    "generate_date_array array_size json_format farm_fingerprint ieee_divide normalize"
)
_REDSHIFT = "ts_or_ds_diff convert_timezone ratio_to_report decode_case regexp_count from_base months_between next_day"
_TRINO = (
    "time_to_unix format_datetime parse_datetime at_timezone with_timezone from_iso8601_timestamp from_iso8601_date try array_size "
    "dayofweek_iso year_of_week geometric_mean to_iso8601 human_readable_seconds every checksum map_agg format normalize "
    "url_extract_host codepoint hamming_distance array_contains"
)
# Left out on purpose: dictGet, file, url, sleep and what tells of the server.
_CLICKHOUSE = (
    "todate todatetime todatetime64 tostartofweek toyear tomonth dayofweek_iso tohour toyyyymm toyyyymmdd adddays addmonths "
    "subtractdays totimezone parsedatetimebesteffort now today yesterday arraystringconcat array_contains empty notempty multiif "
    "tostring toint64 toint32 tofloat64 todecimal64 touint32 jsonextractint jsonextractfloat lowerutf8 upperutf8 replaceall "
    "replaceregexpall domain intdiv modulo tounixtimestamp fromunixtimestamp assumenotnull tonullable isnull tupleelement "
    "sumif avgif minif maxif anyif uniq uniqif uniqexact uniqexactif anylast grouparray groupuniqarray summap topk quantileif "
    "argmaxif argminif stddevpop varpop quantiles"
)
_DATABRICKS = (
    "timestamp_add time_str_to_time unix_to_str str_to_unix months_between add_months next_day weekday array_unique_agg "
    "array_to_string from_json try_sum regexp_split array_size every some zeroifnull timestampdiff convert_timezone bround hash "
    "unhex hex substring_index"
)
_SQLSERVER = (
    "time_str_to_time sysutcdatetime getutcdate current_timestamp_l_t_z choose convert patindex stuff space stdevp var varp "
    "date_bucket switchoffset todatetimeoffset checksum quotename str parse nchar soundex difference"
)

BY_DIALECT = {
    "mariadb": frozenset(_MARIADB.split()),
    "snowflake": frozenset(_SNOWFLAKE.split()),
    "ansibigquery": frozenset(_BIGQUERY.split()),
    "redshift": frozenset(_REDSHIFT.split()),
    "trino": frozenset(_TRINO.split()),
    "clickhouse": frozenset(_CLICKHOUSE.split()),
    "ansidatabricks": frozenset(_DATABRICKS.split()),
    "tsql": frozenset(_SQLSERVER.split()),
}


def allowed(dialect: str) -> frozenset[str]:
    """Every function that a query in *dialect* may call."""
    return ALLOWED | BY_DIALECT.get(dialect, frozenset())
