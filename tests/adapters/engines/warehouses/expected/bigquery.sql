-- total
SELECT count(*) AS `n`, sum(cost) AS `cost` FROM (SELECT * FROM events) AS d LIMIT 1001

-- instant by hour
SELECT DATETIME_TRUNC(DATETIME(CAST(`at` AS TIMESTAMP), @p1), HOUR) AS `hour`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `hour` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by day
SELECT DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p1)) AS `day`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `day` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by week
SELECT DATE_TRUNC(DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p1)), ISOWEEK) AS `week`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `week` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by month
SELECT DATE_TRUNC(DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p1)), MONTH) AS `month`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `month` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by quarter
SELECT DATE_TRUNC(DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p1)), QUARTER) AS `quarter`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `quarter` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by year
SELECT DATE_TRUNC(DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p1)), YEAR) AS `year`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `year` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by weekday
SELECT MOD(EXTRACT(DAYOFWEEK FROM DATETIME(CAST(`at` AS TIMESTAMP), @p1)) + 5, 7) AS `weekday`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `weekday` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by hour_of_day
SELECT EXTRACT(HOUR FROM DATETIME(CAST(`at` AS TIMESTAMP), @p1)) AS `hour_of_day`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `hour_of_day` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- date by week
SELECT DATE_TRUNC(DATE((`day`)), ISOWEEK) AS `week`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `week` ASC NULLS LAST LIMIT 1001

-- date by month
SELECT DATE_TRUNC(DATE((`day`)), MONTH) AS `month`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `month` ASC NULLS LAST LIMIT 1001

-- date by quarter
SELECT DATE_TRUNC(DATE((`day`)), QUARTER) AS `quarter`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `quarter` ASC NULLS LAST LIMIT 1001

-- date by year
SELECT DATE_TRUNC(DATE((`day`)), YEAR) AS `year`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `year` ASC NULLS LAST LIMIT 1001

-- date by weekday
SELECT MOD(EXTRACT(DAYOFWEEK FROM (`day`)) + 5, 7) AS `weekday`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `weekday` ASC NULLS LAST LIMIT 1001

-- names that are words
SELECT `order` AS `order`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `order` ASC NULLS LAST LIMIT 1001

-- an expression
SELECT (upper(source)) AS `upper`, count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE (upper(source)) <> @p1 GROUP BY 1 ORDER BY `upper` ASC NULLS LAST LIMIT 1001
--   'X'

-- span
SELECT count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE `at` >= @p1 AND `at` < @p2 LIMIT 1001
--   datetime.datetime(2026, 9, 1, 0, 0, tzinfo=datetime.timezone.utc)
--   datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)

-- filters
SELECT count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE `source` IN (@p1, @p2) AND `order` IS NULL AND 1 = 1 AND (cost) >= @p3 AND (cost) < @p4 AND (cost) <= @p5 AND `day` = @p6 AND `at` <> @p7 AND NULL AND `source` = @p8 LIMIT 1001
--   'a'
--   "b'; drop table events; --"
--   Decimal('12.50')
--   3
--   0.5
--   datetime.date(2026, 10, 1)
--   datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)
--   True

-- order
SELECT `source` AS `source`, `day` AS `day`, count(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1, 2 ORDER BY `n` DESC, `source` ASC NULLS LAST, `source` ASC NULLS LAST, `day` ASC NULLS LAST LIMIT 1001

-- rows
SELECT `source` AS `source` FROM (SELECT * FROM events) AS d ORDER BY `source` ASC NULLS LAST LIMIT 1001

-- rule
SELECT `buyer_id` AS `_rule_0`, `source` AS `source`, count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE (`buyer_id` IN (@p1, @p2) AND TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)) IN (TO_HEX(CAST(CAST(@p3 AS STRING) AS BYTES)), TO_HEX(CAST(CAST(@p4 AS STRING) AS BYTES)))) GROUP BY 1, 2, TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)) ORDER BY `source` ASC NULLS LAST LIMIT 1001
--   'b1'
--   'b2'
--   'b1'
--   'b2'

-- two rules
SELECT `buyer_id` AS `_rule_0`, `area` AS `_rule_1`, count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE (((`buyer_id` = @p1 AND TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p2 AS STRING) AS BYTES))) AND (`area` = @p3 AND TO_HEX(CAST(CAST(`area` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p4 AS STRING) AS BYTES)))) OR ((`buyer_id` = @p5 AND TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p6 AS STRING) AS BYTES))) AND (`area` = @p7 AND TO_HEX(CAST(CAST(`area` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p8 AS STRING) AS BYTES))))) GROUP BY 1, 2, TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)), TO_HEX(CAST(CAST(`area` AS STRING) AS BYTES)) LIMIT 1001
--   'b1'
--   'b1'
--   1
--   1
--   'b2'
--   'b2'
--   2
--   2

-- rules of tables
SELECT `source` AS `source`, count(*) AS `n` FROM (SELECT e.source, b.name FROM (SELECT * FROM events WHERE (events.`buyer_id` = @p1 AND TO_HEX(CAST(CAST(events.`buyer_id` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p2 AS STRING) AS BYTES)))) AS e JOIN (SELECT * FROM buyers WHERE (buyers.`id` = @p3 AND TO_HEX(CAST(CAST(buyers.`id` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p4 AS STRING) AS BYTES))) AND (buyers.`area` = @p5 AND TO_HEX(CAST(CAST(buyers.`area` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p6 AS STRING) AS BYTES)))) AS b ON b.id = e.buyer_id WHERE e.source <> 'a' UNION ALL SELECT 'x', name FROM (SELECT * FROM buyers WHERE (buyers.`id` = @p7 AND TO_HEX(CAST(CAST(buyers.`id` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p8 AS STRING) AS BYTES))) AND (buyers.`area` = @p9 AND TO_HEX(CAST(CAST(buyers.`area` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p10 AS STRING) AS BYTES)))) AS buyers) AS d GROUP BY 1 ORDER BY `source` ASC NULLS LAST LIMIT 1001
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
SELECT `_field_0` AS column_1, count(*) AS `n`, MAX(`_many_0`) AS `_many_0` FROM (SELECT d.*, j0.`_field_0`, j0.`_many` AS `_many_0` FROM (SELECT * FROM events) AS d LEFT JOIN (SELECT * FROM (SELECT `id` AS `_key_0`, `country` AS `_field_0`, count(*) OVER (PARTITION BY `id`) AS `_many`, row_number() OVER (PARTITION BY `id` ORDER BY `id`) AS `_place` FROM (SELECT * FROM buyers) AS d WHERE (`area` = @p1 AND TO_HEX(CAST(CAST(`area` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p2 AS STRING) AS BYTES)))) AS u WHERE `_place` = 1) AS j0 ON `order` = j0.`_key_0`) AS d GROUP BY 1 ORDER BY column_1 ASC NULLS LAST LIMIT 1001
--   'north'
--   'north'

-- a balance
SELECT _group_0 AS `_rule_0`, _group_1 AS `month`, _group_2 AS `source`, MAX(_value_0) AS `stock`, MAX(_value_1) AS `n` FROM (SELECT _group_0, _group_1, _group_2, _apart_0, CASE WHEN 1 = 0 THEN sum(cost) END AS _value_0, count(*) AS _value_1 FROM (SELECT d.*, `buyer_id` AS _group_0, DATE_TRUNC(DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p1)), MONTH) AS _group_1, `source` AS _group_2, TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)) AS _apart_0, DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p2)) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE (`buyer_id` IN (@p3, @p4) AND TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)) IN (TO_HEX(CAST(CAST(@p5 AS STRING) AS BYTES)), TO_HEX(CAST(CAST(@p6 AS STRING) AS BYTES))))) AS d GROUP BY _group_0, _group_1, _group_2, _apart_0 UNION ALL SELECT _group_0, _group_1, _group_2, _apart_0, _value_0, _value_1 FROM (SELECT _group_0, _group_1, _group_2, _apart_0, sum(cost) AS _value_0, CASE WHEN 1 = 0 THEN count(*) END AS _value_1, row_number() OVER (PARTITION BY _group_0, _group_1, _group_2, _apart_0 ORDER BY _moment_0 DESC) AS _place FROM (SELECT d.*, `buyer_id` AS _group_0, DATE_TRUNC(DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p7)), MONTH) AS _group_1, `source` AS _group_2, TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)) AS _apart_0, DATE(DATETIME(CAST(`at` AS TIMESTAMP), @p8)) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE (`buyer_id` IN (@p9, @p10) AND TO_HEX(CAST(CAST(`buyer_id` AS STRING) AS BYTES)) IN (TO_HEX(CAST(CAST(@p11 AS STRING) AS BYTES)), TO_HEX(CAST(CAST(@p12 AS STRING) AS BYTES))))) AS d WHERE NOT _moment_0 IS NULL GROUP BY _group_0, _group_1, _group_2, _apart_0, _moment_0) AS t WHERE _place = 1) AS d GROUP BY `_rule_0`, `month`, `source`, _apart_0 ORDER BY `month` ASC NULLS LAST, `source` ASC NULLS LAST LIMIT 1001
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
SELECT `source` AS `source`, count(*) AS `n` FROM (WITH mine AS (SELECT * FROM (SELECT * FROM events WHERE (events.`buyer_id` = @p1 AND TO_HEX(CAST(CAST(events.`buyer_id` AS STRING) AS BYTES)) = TO_HEX(CAST(CAST(@p2 AS STRING) AS BYTES)))) AS events) SELECT * FROM mine) AS d GROUP BY 1 ORDER BY `source` ASC NULLS LAST LIMIT 1001
--   'b1'
--   'b1'

-- masked: full
SELECT CASE WHEN (source) IS NULL THEN NULL ELSE '•••' END AS `full`, count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT CASE WHEN (source) IS NULL THEN NULL ELSE '•••' END IS NULL GROUP BY 1 ORDER BY `full` ASC NULLS LAST LIMIT 1001

-- masked: partial
SELECT (SUBSTRING(CAST((source) AS STRING), 1, 1) || '•••') AS `partial`, count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT (SUBSTRING(CAST((source) AS STRING), 1, 1) || '•••') IS NULL GROUP BY 1 ORDER BY `partial` ASC NULLS LAST LIMIT 1001

-- masked: hashed
SELECT substr(TO_HEX(SHA256(CONCAT(@p1, CAST((source) AS STRING)))), 1, 12) AS `hashed`, count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT substr(TO_HEX(SHA256(CONCAT(@p2, CAST((source) AS STRING)))), 1, 12) IS NULL GROUP BY 1 ORDER BY `hashed` ASC NULLS LAST LIMIT 1001
--   'salt'
--   'salt'

-- masked: bucket
SELECT (FLOOR((cost) / 25.0) * 25) AS `bucket`, count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT (FLOOR((cost) / 25.0) * 25) IS NULL GROUP BY 1 ORDER BY `bucket` ASC NULLS LAST LIMIT 1001

-- masked: gone
SELECT CASE WHEN 1 = 0 THEN (source) END AS `gone`, count(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT CASE WHEN 1 = 0 THEN (source) END IS NULL GROUP BY 1 ORDER BY `gone` ASC NULLS LAST LIMIT 1001

-- a look at names
SELECT count(*) FROM (SELECT * FROM events) AS d LIMIT 0
