-- total
SELECT count(*) AS "n", sum(cost) AS "cost" FROM (SELECT * FROM events) AS d LIMIT 1001

-- instant by hour
SELECT * FROM (SELECT CONCAT(CHAR(2), formatDateTime(toTimeZone("at", {p1:String}), '%Y-%m-%d %H:00:00')) AS "hour", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "hour" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by day
SELECT * FROM (SELECT toDate(toTimeZone("at", {p1:String})) AS "day", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "day" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by week
SELECT * FROM (SELECT dateTrunc('WEEK', toTimeZone("at", {p1:String})) AS "week", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "week" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by month
SELECT * FROM (SELECT dateTrunc('MONTH', toTimeZone("at", {p1:String})) AS "month", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "month" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by quarter
SELECT * FROM (SELECT dateTrunc('QUARTER', toTimeZone("at", {p1:String})) AS "quarter", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "quarter" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by year
SELECT * FROM (SELECT dateTrunc('YEAR', toTimeZone("at", {p1:String})) AS "year", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "year" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by weekday
SELECT * FROM (SELECT (toDayOfWeek(toTimeZone("at", {p1:String})) - 1) AS "weekday", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "weekday" ASC LIMIT 1001
--   'Asia/Tokyo'

-- instant by hour_of_day
SELECT * FROM (SELECT toHour(toTimeZone("at", {p1:String})) AS "hour_of_day", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "hour_of_day" ASC LIMIT 1001
--   'Asia/Tokyo'

-- date by week
SELECT * FROM (SELECT dateTrunc('WEEK', ("day")) AS "week", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "week" ASC LIMIT 1001

-- date by month
SELECT * FROM (SELECT dateTrunc('MONTH', ("day")) AS "month", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "month" ASC LIMIT 1001

-- date by quarter
SELECT * FROM (SELECT dateTrunc('QUARTER', ("day")) AS "quarter", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "quarter" ASC LIMIT 1001

-- date by year
SELECT * FROM (SELECT dateTrunc('YEAR', ("day")) AS "year", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "year" ASC LIMIT 1001

-- date by weekday
SELECT * FROM (SELECT (toDayOfWeek(("day")) - 1) AS "weekday", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "weekday" ASC LIMIT 1001

-- names that are words
SELECT * FROM (SELECT "order" AS "order", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1) AS r ORDER BY "order" ASC LIMIT 1001

-- an expression
SELECT * FROM (SELECT (upper(source)) AS "upper", count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE (upper(source)) <> {p1:String} GROUP BY 1) AS r ORDER BY "upper" ASC LIMIT 1001
--   'X'

-- span
SELECT count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE "at" >= {p1:DateTime64(6, 'UTC')} AND "at" < {p2:DateTime64(6, 'UTC')} LIMIT 1001
--   datetime.datetime(2026, 9, 1, 0, 0, tzinfo=datetime.timezone.utc)
--   datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)

-- filters
SELECT count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE "source" IN ({p1:String}, {p2:String}) AND "order" IS NULL AND 1 = 1 AND (cost) >= {p3:Decimal(76, 18)} AND (cost) < {p4:Int64} AND (cost) <= {p5:Float64} AND "day" = {p6:Date32} AND "at" <> {p7:DateTime64(6, 'UTC')} AND "source" = NULL AND "source" = {p8:Bool} LIMIT 1001
--   'a'
--   "b'; drop table events; --"
--   Decimal('12.50')
--   3
--   0.5
--   datetime.date(2026, 10, 1)
--   datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)
--   True

-- order
SELECT * FROM (SELECT "source" AS "source", "day" AS "day", count(*) AS "n" FROM (SELECT * FROM events) AS d GROUP BY 1, 2) AS r ORDER BY "n" DESC, "source" ASC, "source" ASC, "day" ASC LIMIT 1001

-- rows
SELECT * FROM (SELECT "source" AS "source" FROM (SELECT * FROM events) AS d) AS r ORDER BY "source" ASC LIMIT 1001

-- rule
SELECT * FROM (SELECT "buyer_id" AS "_rule_0", "source" AS "source", count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE "buyer_id" IN ({p1:String}, {p2:String}) GROUP BY 1, 2) AS r ORDER BY "source" ASC LIMIT 1001
--   'b1'
--   'b2'

-- two rules
SELECT "buyer_id" AS "_rule_0", "area" AS "_rule_1", count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE (("buyer_id" = {p1:String} AND "area" = {p2:Int64}) OR ("buyer_id" = {p3:String} AND "area" = {p4:Int64})) GROUP BY 1, 2 LIMIT 1001
--   'b1'
--   1
--   'b2'
--   2

-- rules of tables
SELECT * FROM (SELECT "source" AS "source", count(*) AS "n" FROM (SELECT e.source, b.name FROM (SELECT * FROM events WHERE events."buyer_id" = {p1:String}) AS e JOIN (SELECT * FROM buyers WHERE buyers."id" = {p2:String} AND buyers."area" = {p3:String}) AS b ON b.id = e.buyer_id WHERE e.source <> 'a' UNION ALL SELECT 'x', name FROM (SELECT * FROM buyers WHERE buyers."id" = {p4:String} AND buyers."area" = {p5:String}) AS buyers) AS d GROUP BY 1) AS r ORDER BY "source" ASC LIMIT 1001
--   'b1'
--   'b1'
--   'north'
--   'b1'
--   'north'

-- a joined field
SELECT * FROM (SELECT "_field_0" AS "buyer.country", count(*) AS "n", max("_many_0") AS "_many_0" FROM (SELECT d.*, j0."_field_0", j0."_many" AS "_many_0" FROM (SELECT * FROM events) AS d LEFT JOIN (SELECT * FROM (SELECT "id" AS "_key_0", "country" AS "_field_0", count(*) OVER (PARTITION BY "id") AS "_many", row_number() OVER (PARTITION BY "id" ORDER BY "id") AS "_place" FROM (SELECT * FROM buyers) AS d WHERE "area" = {p1:String}) AS u WHERE "_place" = 1) AS j0 ON "order" = j0."_key_0") AS d GROUP BY 1) AS r ORDER BY "buyer.country" ASC LIMIT 1001
--   'north'

-- a balance
SELECT * FROM (SELECT _group_0 AS "_rule_0", _group_1 AS "month", _group_2 AS "source", max(_value_0) AS "stock", max(_value_1) AS "n" FROM (SELECT _group_0, _group_1, _group_2, CASE WHEN 1 = 0 THEN sum(cost) END AS _value_0, count(*) AS _value_1 FROM (SELECT d.*, "buyer_id" AS _group_0, dateTrunc('MONTH', toTimeZone("at", {p1:String})) AS _group_1, "source" AS _group_2, toDate(toTimeZone("at", {p2:String})) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE "buyer_id" IN ({p3:String}, {p4:String})) AS d GROUP BY _group_0, _group_1, _group_2 UNION ALL SELECT _group_0, _group_1, _group_2, _value_0, _value_1 FROM (SELECT _group_0, _group_1, _group_2, sum(cost) AS _value_0, CASE WHEN 1 = 0 THEN count(*) END AS _value_1, row_number() OVER (PARTITION BY _group_0, _group_1, _group_2 ORDER BY _moment_0 DESC) AS _place FROM (SELECT d.*, "buyer_id" AS _group_0, dateTrunc('MONTH', toTimeZone("at", {p5:String})) AS _group_1, "source" AS _group_2, toDate(toTimeZone("at", {p6:String})) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE "buyer_id" IN ({p7:String}, {p8:String})) AS d WHERE NOT (_moment_0 IS NULL) GROUP BY _group_0, _group_1, _group_2, _moment_0) AS t WHERE _place = 1) AS d GROUP BY _group_0, _group_1, _group_2) AS r ORDER BY "month" ASC, "source" ASC LIMIT 1001
--   'Asia/Tokyo'
--   'Asia/Tokyo'
--   'b1'
--   'b2'
--   'Asia/Tokyo'
--   'Asia/Tokyo'
--   'b1'
--   'b2'

-- a CTE
SELECT * FROM (SELECT "source" AS "source", count(*) AS "n" FROM (WITH mine AS (SELECT * FROM (SELECT * FROM events WHERE events."buyer_id" = {p1:String}) AS events) SELECT * FROM mine) AS d GROUP BY 1) AS r ORDER BY "source" ASC LIMIT 1001
--   'b1'

-- masked: full
SELECT * FROM (SELECT CASE WHEN (source) IS NULL THEN NULL ELSE '•••' END AS "full", count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT (CASE WHEN (source) IS NULL THEN NULL ELSE '•••' END IS NULL) GROUP BY 1) AS r ORDER BY "full" ASC LIMIT 1001

-- masked: partial
SELECT * FROM (SELECT (SUBSTRING(CAST((source) AS Nullable(String)), 1, 1) || '•••') AS "partial", count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT ((SUBSTRING(CAST((source) AS Nullable(String)), 1, 1) || '•••') IS NULL) GROUP BY 1) AS r ORDER BY "partial" ASC LIMIT 1001

-- masked: hashed
SELECT * FROM (SELECT substr(LOWER(HEX(SHA256(CONCAT({p1:String}, toString((source)))))), 1, 12) AS "hashed", count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT (substr(LOWER(HEX(SHA256(CONCAT({p2:String}, toString((source)))))), 1, 12) IS NULL) GROUP BY 1) AS r ORDER BY "hashed" ASC LIMIT 1001
--   'salt'
--   'salt'

-- masked: bucket
SELECT * FROM (SELECT (FLOOR((cost) / 25.0) * 25) AS "bucket", count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT ((FLOOR((cost) / 25.0) * 25) IS NULL) GROUP BY 1) AS r ORDER BY "bucket" ASC LIMIT 1001

-- masked: gone
SELECT * FROM (SELECT CASE WHEN 1 = 0 THEN (source) END AS "gone", count(*) AS "n" FROM (SELECT * FROM events) AS d WHERE NOT (CASE WHEN 1 = 0 THEN (source) END IS NULL) GROUP BY 1) AS r ORDER BY "gone" ASC LIMIT 1001

-- a look at names
SELECT count(*) FROM (SELECT * FROM events) AS d LIMIT 0
