-- total
SELECT COUNT(*) AS "n", SUM(cost) AS "cost" FROM (SELECT * FROM events) AS d LIMIT 1001

-- instant by hour
SELECT DATE_TRUNC('HOUR', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS "hour", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "hour" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by day
SELECT CAST(DATE_TRUNC('DAY', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS "day", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "day" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by week
SELECT CAST(DATE_TRUNC('WEEK', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS "week", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "week" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by month
SELECT CAST(DATE_TRUNC('MONTH', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS "month", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "month" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by quarter
SELECT CAST(DATE_TRUNC('QUARTER', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS "quarter", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "quarter" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by year
SELECT CAST(DATE_TRUNC('YEAR', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS "year", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "year" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by weekday
SELECT (CAST(EXTRACT(DOW FROM CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS INTEGER) + 6) % 7 AS "weekday", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "weekday" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by hour_of_day
SELECT CAST(EXTRACT(HOUR FROM CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS INTEGER) AS "hour_of_day", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "hour_of_day" ASC LIMIT 1001
--   'Asia/Tokyo'

-- date by week
SELECT CAST(DATE_TRUNC('WEEK', ("day")) AS DATE) AS "week", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "week" ASC LIMIT 1001

-- date by month
SELECT CAST(DATE_TRUNC('MONTH', ("day")) AS DATE) AS "month", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "month" ASC LIMIT 1001

-- date by quarter
SELECT CAST(DATE_TRUNC('QUARTER', ("day")) AS DATE) AS "quarter", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "quarter" ASC LIMIT 1001

-- date by year
SELECT CAST(DATE_TRUNC('YEAR', ("day")) AS DATE) AS "year", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "year" ASC LIMIT 1001

-- date by weekday
SELECT (CAST(EXTRACT(DOW FROM ("day")) AS INTEGER) + 6) % 7 AS "weekday", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "weekday" ASC LIMIT 1001

-- names that are words
SELECT "order" AS "order", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY "order" ASC LIMIT 1001

-- an expression
SELECT (UPPER(source)) AS "upper", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE (UPPER(source)) <> ? GROUP BY 1 ORDER BY "upper" ASC LIMIT 1001
--   'X'

-- span
SELECT COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE "at" >= ? AND "at" < ? LIMIT 1001
--   datetime.datetime(2026, 9, 1, 0, 0, tzinfo=datetime.timezone.utc)
--   datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)

-- filters
SELECT COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE "source" IN (?, ?) AND "order" IS NULL AND 1 = 1 AND (cost) >= ? AND (cost) < ? AND (cost) <= ? AND "day" = ? AND "at" <> ? AND "source" = NULL AND "source" = ? LIMIT 1001
--   'a'
--   "b'; drop table events; --"
--   Decimal('12.50')
--   3
--   0.5
--   datetime.date(2026, 10, 1)
--   datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)
--   True

-- order
SELECT "source" AS "source", "day" AS "day", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1, 2 ORDER BY "n" DESC NULLS LAST, "source" ASC, "source" ASC, "day" ASC LIMIT 1001

-- rows
SELECT "source" AS "source" FROM (SELECT * FROM events) AS d ORDER BY "source" ASC LIMIT 1001

-- rule
SELECT "buyer_id" AS "_rule_0", "source" AS "source", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE ("buyer_id" IN (?, ?) AND SHA2(CAST("buyer_id" AS VARCHAR), 256) IN (SHA2(CAST(? AS VARCHAR), 256), SHA2(CAST(? AS VARCHAR), 256))) GROUP BY 1, 2, SHA2(CAST("buyer_id" AS VARCHAR), 256) ORDER BY "source" ASC LIMIT 1001
--   'b1'
--   'b2'
--   'b1'
--   'b2'

-- two rules
SELECT "buyer_id" AS "_rule_0", "area" AS "_rule_1", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE ((("buyer_id" = ? AND SHA2(CAST("buyer_id" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256)) AND ("area" = ? AND SHA2(CAST("area" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256))) OR (("buyer_id" = ? AND SHA2(CAST("buyer_id" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256)) AND ("area" = ? AND SHA2(CAST("area" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256)))) GROUP BY 1, 2, SHA2(CAST("buyer_id" AS VARCHAR), 256), SHA2(CAST("area" AS VARCHAR), 256) LIMIT 1001
--   'b1'
--   'b1'
--   1
--   1
--   'b2'
--   'b2'
--   2
--   2

-- rules of tables
SELECT "source" AS "source", COUNT(*) AS "n" FROM (SELECT e.source, b.name FROM (SELECT * FROM events WHERE (events."buyer_id" = ? AND SHA2(CAST(events."buyer_id" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256))) AS e JOIN (SELECT * FROM buyers WHERE (buyers."id" = ? AND SHA2(CAST(buyers."id" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256)) AND (buyers."area" = ? AND SHA2(CAST(buyers."area" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256))) AS b ON b.id = e.buyer_id WHERE e.source <> 'a' UNION ALL SELECT 'x', name FROM (SELECT * FROM buyers WHERE (buyers."id" = ? AND SHA2(CAST(buyers."id" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256)) AND (buyers."area" = ? AND SHA2(CAST(buyers."area" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256))) AS buyers) AS d GROUP BY 1 ORDER BY "source" ASC LIMIT 1001
--   'b1'
--   'b1'
--   'b1'
--   'b1'
--   'north'
--   'north'
--   'b1'
--   'b1'
--   'north'
--   'north'

-- a joined field
SELECT "_field_0" AS "buyer.country", COUNT(*) AS "n", MAX("_many_0") AS "_many_0" FROM (SELECT d.*, j0."_field_0", j0."_many" AS "_many_0" FROM (SELECT * FROM events) AS d LEFT JOIN (SELECT * FROM (SELECT "id" AS "_key_0", "country" AS "_field_0", COUNT(*) OVER (PARTITION BY "id") AS "_many", ROW_NUMBER() OVER (PARTITION BY "id" ORDER BY "id") AS "_place" FROM (SELECT * FROM buyers) AS d WHERE ("area" = ? AND SHA2(CAST("area" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256))) AS u WHERE "_place" = 1) AS j0 ON "order" = j0."_key_0") AS d GROUP BY 1 ORDER BY "buyer.country" ASC LIMIT 1001
--   'north'
--   'north'

-- a balance
SELECT _group_0 AS "_rule_0", _group_1 AS "month", _group_2 AS "source", MAX(_value_0) AS "stock", MAX(_value_1) AS "n" FROM (SELECT _group_0, _group_1, _group_2, _apart_0, CASE WHEN 1 = 0 THEN SUM(cost) END AS _value_0, COUNT(*) AS _value_1 FROM (SELECT d.*, "buyer_id" AS _group_0, CAST(DATE_TRUNC('MONTH', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS _group_1, "source" AS _group_2, SHA2(CAST("buyer_id" AS VARCHAR), 256) AS _apart_0, CAST(DATE_TRUNC('DAY', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE ("buyer_id" IN (?, ?) AND SHA2(CAST("buyer_id" AS VARCHAR), 256) IN (SHA2(CAST(? AS VARCHAR), 256), SHA2(CAST(? AS VARCHAR), 256)))) AS d GROUP BY _group_0, _group_1, _group_2, _apart_0 UNION ALL SELECT _group_0, _group_1, _group_2, _apart_0, _value_0, _value_1 FROM (SELECT _group_0, _group_1, _group_2, _apart_0, SUM(cost) AS _value_0, CASE WHEN 1 = 0 THEN COUNT(*) END AS _value_1, ROW_NUMBER() OVER (PARTITION BY _group_0, _group_1, _group_2, _apart_0 ORDER BY _moment_0 DESC) AS _place FROM (SELECT d.*, "buyer_id" AS _group_0, CAST(DATE_TRUNC('MONTH', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS _group_1, "source" AS _group_2, SHA2(CAST("buyer_id" AS VARCHAR), 256) AS _apart_0, CAST(DATE_TRUNC('DAY', CONVERT_TIMEZONE('UTC', ?, CAST("at" AS TIMESTAMP))) AS DATE) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE ("buyer_id" IN (?, ?) AND SHA2(CAST("buyer_id" AS VARCHAR), 256) IN (SHA2(CAST(? AS VARCHAR), 256), SHA2(CAST(? AS VARCHAR), 256)))) AS d WHERE NOT _moment_0 IS NULL GROUP BY _group_0, _group_1, _group_2, _apart_0, _moment_0) AS t WHERE _place = 1) AS d GROUP BY _group_0, _group_1, _group_2, _apart_0 ORDER BY "month" ASC, "source" ASC LIMIT 1001
--   'Asia/Tokyo'
--   'Asia/Tokyo'
--   'b1'
--   'b2'
--   'b1'
--   'b2'
--   'Asia/Tokyo'
--   'Asia/Tokyo'
--   'b1'
--   'b2'
--   'b1'
--   'b2'

-- a CTE
SELECT "source" AS "source", COUNT(*) AS "n" FROM (WITH mine AS (SELECT * FROM (SELECT * FROM events WHERE (events."buyer_id" = ? AND SHA2(CAST(events."buyer_id" AS VARCHAR), 256) = SHA2(CAST(? AS VARCHAR), 256))) AS events) SELECT * FROM mine) AS d GROUP BY 1 ORDER BY "source" ASC LIMIT 1001
--   'b1'
--   'b1'

-- masked: full
SELECT CASE WHEN (source) IS NULL THEN NULL ELSE '•••' END AS "full", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT CASE WHEN (source) IS NULL THEN NULL ELSE '•••' END IS NULL GROUP BY 1 ORDER BY "full" ASC LIMIT 1001

-- masked: partial
SELECT (SUBSTRING(CAST((source) AS VARCHAR(1000)) FROM 1 FOR 1) || '•••') AS "partial", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT (SUBSTRING(CAST((source) AS VARCHAR(1000)) FROM 1 FOR 1) || '•••') IS NULL GROUP BY 1 ORDER BY "partial" ASC LIMIT 1001

-- masked: hashed
SELECT SUBSTRING(SHA2(? || CAST((source) AS VARCHAR), 256) FROM 1 FOR 12) AS "hashed", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT SUBSTRING(SHA2(? || CAST((source) AS VARCHAR), 256) FROM 1 FOR 12) IS NULL GROUP BY 1 ORDER BY "hashed" ASC LIMIT 1001
--   'salt'
--   'salt'

-- masked: bucket
SELECT (FLOOR((cost) / 25.0) * 25) AS "bucket", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT (FLOOR((cost) / 25.0) * 25) IS NULL GROUP BY 1 ORDER BY "bucket" ASC LIMIT 1001

-- masked: gone
SELECT CASE WHEN 1 = 0 THEN (source) END AS "gone", COUNT(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT CASE WHEN 1 = 0 THEN (source) END IS NULL GROUP BY 1 ORDER BY "gone" ASC LIMIT 1001

-- a look at names
SELECT COUNT(*) FROM (SELECT * FROM events) AS d LIMIT 0
