-- total
SELECT COUNT(*) AS `n`, SUM(cost) AS `cost` FROM (SELECT * FROM events) AS d LIMIT 1001

-- instant by hour
SELECT CAST(DATE_TRUNC('HOUR', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS TIMESTAMP_NTZ) AS `hour`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `hour` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by day
SELECT CAST(DATE_TRUNC('DAY', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS DATE) AS `day`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `day` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by week
SELECT CAST(DATE_TRUNC('WEEK', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS DATE) AS `week`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `week` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by month
SELECT CAST(DATE_TRUNC('MONTH', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS DATE) AS `month`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `month` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by quarter
SELECT CAST(DATE_TRUNC('QUARTER', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS DATE) AS `quarter`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `quarter` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by year
SELECT CAST(DATE_TRUNC('YEAR', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS DATE) AS `year`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `year` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by weekday
SELECT WEEKDAY(CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS `weekday`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `weekday` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- instant by hour_of_day
SELECT HOUR(CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS `hour_of_day`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `hour_of_day` ASC NULLS LAST LIMIT 1001
--   'Asia/Tokyo'

-- date by week
SELECT CAST(DATE_TRUNC('WEEK', (`day`)) AS DATE) AS `week`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `week` ASC NULLS LAST LIMIT 1001

-- date by month
SELECT CAST(DATE_TRUNC('MONTH', (`day`)) AS DATE) AS `month`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `month` ASC NULLS LAST LIMIT 1001

-- date by quarter
SELECT CAST(DATE_TRUNC('QUARTER', (`day`)) AS DATE) AS `quarter`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `quarter` ASC NULLS LAST LIMIT 1001

-- date by year
SELECT CAST(DATE_TRUNC('YEAR', (`day`)) AS DATE) AS `year`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `year` ASC NULLS LAST LIMIT 1001

-- date by weekday
SELECT WEEKDAY((`day`)) AS `weekday`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `weekday` ASC NULLS LAST LIMIT 1001

-- names that are words
SELECT `order` AS `order`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1 ORDER BY `order` ASC NULLS LAST LIMIT 1001

-- an expression
SELECT (UPPER(source)) AS `upper`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE (UPPER(source)) <> :p1 GROUP BY 1 ORDER BY `upper` ASC NULLS LAST LIMIT 1001
--   'X'

-- span
SELECT COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE `at` >= :p1 AND `at` < :p2 LIMIT 1001
--   datetime.datetime(2026, 9, 1, 0, 0, tzinfo=datetime.timezone.utc)
--   datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)

-- filters
SELECT COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE `source` IN (:p1, :p2) AND `order` IS NULL AND 1 = 1 AND (cost) >= :p3 AND (cost) < :p4 AND (cost) <= :p5 AND `day` = :p6 AND `at` <> :p7 AND `source` = NULL AND `source` = :p8 LIMIT 1001
--   'a'
--   "b'; drop table events; --"
--   Decimal('12.50')
--   3
--   0.5
--   datetime.date(2026, 10, 1)
--   datetime.datetime(2026, 10, 1, 0, 0, tzinfo=datetime.timezone.utc)
--   True

-- order
SELECT `source` AS `source`, `day` AS `day`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d GROUP BY 1, 2 ORDER BY `n` DESC, `source` ASC NULLS LAST, `source` ASC NULLS LAST, `day` ASC NULLS LAST LIMIT 1001

-- rows
SELECT `source` AS `source` FROM (SELECT * FROM events) AS d ORDER BY `source` ASC NULLS LAST LIMIT 1001

-- rule
SELECT `buyer_id` AS `_rule_0`, `source` AS `source`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE (`buyer_id` IN (:p1, :p2) AND HEX(CAST(`buyer_id` AS STRING)) IN (HEX(CAST(:p3 AS STRING)), HEX(CAST(:p4 AS STRING)))) GROUP BY 1, 2, HEX(CAST(`buyer_id` AS STRING)) ORDER BY `source` ASC NULLS LAST LIMIT 1001
--   'b1'
--   'b2'
--   'b1'
--   'b2'

-- two rules
SELECT `buyer_id` AS `_rule_0`, `area` AS `_rule_1`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE (((`buyer_id` = :p1 AND HEX(CAST(`buyer_id` AS STRING)) = HEX(CAST(:p2 AS STRING))) AND (`area` = :p3 AND HEX(CAST(`area` AS STRING)) = HEX(CAST(:p4 AS STRING)))) OR ((`buyer_id` = :p5 AND HEX(CAST(`buyer_id` AS STRING)) = HEX(CAST(:p6 AS STRING))) AND (`area` = :p7 AND HEX(CAST(`area` AS STRING)) = HEX(CAST(:p8 AS STRING))))) GROUP BY 1, 2, HEX(CAST(`buyer_id` AS STRING)), HEX(CAST(`area` AS STRING)) LIMIT 1001
--   'b1'
--   'b1'
--   1
--   1
--   'b2'
--   'b2'
--   2
--   2

-- rules of tables
SELECT `source` AS `source`, COUNT(*) AS `n` FROM (SELECT e.source, b.name FROM (SELECT * FROM events WHERE (events.`buyer_id` = :p1 AND HEX(CAST(events.`buyer_id` AS STRING)) = HEX(CAST(:p2 AS STRING)))) AS e JOIN (SELECT * FROM buyers WHERE (buyers.`id` = :p3 AND HEX(CAST(buyers.`id` AS STRING)) = HEX(CAST(:p4 AS STRING))) AND (buyers.`area` = :p5 AND HEX(CAST(buyers.`area` AS STRING)) = HEX(CAST(:p6 AS STRING)))) AS b ON b.id = e.buyer_id WHERE e.source <> 'a' UNION ALL SELECT 'x', name FROM (SELECT * FROM buyers WHERE (buyers.`id` = :p7 AND HEX(CAST(buyers.`id` AS STRING)) = HEX(CAST(:p8 AS STRING))) AND (buyers.`area` = :p9 AND HEX(CAST(buyers.`area` AS STRING)) = HEX(CAST(:p10 AS STRING)))) AS buyers) AS d GROUP BY 1 ORDER BY `source` ASC NULLS LAST LIMIT 1001
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
SELECT `_field_0` AS `buyer.country`, COUNT(*) AS `n`, MAX(`_many_0`) AS `_many_0` FROM (SELECT d.*, j0.`_field_0`, j0.`_many` AS `_many_0` FROM (SELECT * FROM events) AS d LEFT JOIN (SELECT * FROM (SELECT `id` AS `_key_0`, `country` AS `_field_0`, COUNT(*) OVER (PARTITION BY `id`) AS `_many`, ROW_NUMBER() OVER (PARTITION BY `id` ORDER BY `id`) AS `_place` FROM (SELECT * FROM buyers) AS d WHERE (`area` = :p1 AND HEX(CAST(`area` AS STRING)) = HEX(CAST(:p2 AS STRING)))) AS u WHERE `_place` = 1) AS j0 ON `order` = j0.`_key_0`) AS d GROUP BY 1 ORDER BY `buyer.country` ASC NULLS LAST LIMIT 1001
--   'north'
--   'north'

-- a balance
SELECT _group_0 AS `_rule_0`, _group_1 AS `month`, _group_2 AS `source`, MAX(_value_0) AS `stock`, MAX(_value_1) AS `n` FROM (SELECT _group_0, _group_1, _group_2, _apart_0, CASE WHEN 1 = 0 THEN SUM(cost) END AS _value_0, COUNT(*) AS _value_1 FROM (SELECT d.*, `buyer_id` AS _group_0, CAST(DATE_TRUNC('MONTH', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p1) AS TIMESTAMP_NTZ)) AS DATE) AS _group_1, `source` AS _group_2, HEX(CAST(`buyer_id` AS STRING)) AS _apart_0, CAST(DATE_TRUNC('DAY', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p2) AS TIMESTAMP_NTZ)) AS DATE) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE (`buyer_id` IN (:p3, :p4) AND HEX(CAST(`buyer_id` AS STRING)) IN (HEX(CAST(:p5 AS STRING)), HEX(CAST(:p6 AS STRING))))) AS d GROUP BY _group_0, _group_1, _group_2, _apart_0 UNION ALL SELECT _group_0, _group_1, _group_2, _apart_0, _value_0, _value_1 FROM (SELECT _group_0, _group_1, _group_2, _apart_0, SUM(cost) AS _value_0, CASE WHEN 1 = 0 THEN COUNT(*) END AS _value_1, ROW_NUMBER() OVER (PARTITION BY _group_0, _group_1, _group_2, _apart_0 ORDER BY _moment_0 DESC) AS _place FROM (SELECT d.*, `buyer_id` AS _group_0, CAST(DATE_TRUNC('MONTH', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p7) AS TIMESTAMP_NTZ)) AS DATE) AS _group_1, `source` AS _group_2, HEX(CAST(`buyer_id` AS STRING)) AS _apart_0, CAST(DATE_TRUNC('DAY', CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP), :p8) AS TIMESTAMP_NTZ)) AS DATE) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE (`buyer_id` IN (:p9, :p10) AND HEX(CAST(`buyer_id` AS STRING)) IN (HEX(CAST(:p11 AS STRING)), HEX(CAST(:p12 AS STRING))))) AS d WHERE NOT _moment_0 IS NULL GROUP BY _group_0, _group_1, _group_2, _apart_0, _moment_0) AS t WHERE _place = 1) AS d GROUP BY _group_0, _group_1, _group_2, _apart_0 ORDER BY `month` ASC NULLS LAST, `source` ASC NULLS LAST LIMIT 1001
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
SELECT `source` AS `source`, COUNT(*) AS `n` FROM (WITH mine AS (SELECT * FROM (SELECT * FROM events WHERE (events.`buyer_id` = :p1 AND HEX(CAST(events.`buyer_id` AS STRING)) = HEX(CAST(:p2 AS STRING)))) AS events) SELECT * FROM mine) AS d GROUP BY 1 ORDER BY `source` ASC NULLS LAST LIMIT 1001
--   'b1'
--   'b1'

-- masked: full
SELECT CASE WHEN (source) IS NULL THEN NULL ELSE '•••' END AS `full`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT CASE WHEN (source) IS NULL THEN NULL ELSE '•••' END IS NULL GROUP BY 1 ORDER BY `full` ASC NULLS LAST LIMIT 1001

-- masked: partial
SELECT (SUBSTRING(CAST((source) AS STRING), 1, 1) || '•••') AS `partial`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT (SUBSTRING(CAST((source) AS STRING), 1, 1) || '•••') IS NULL GROUP BY 1 ORDER BY `partial` ASC NULLS LAST LIMIT 1001

-- masked: hashed
SELECT SUBSTRING(SHA2(CONCAT(:p1, CAST((source) AS STRING)), 256), 1, 12) AS `hashed`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT SUBSTRING(SHA2(CONCAT(:p2, CAST((source) AS STRING)), 256), 1, 12) IS NULL GROUP BY 1 ORDER BY `hashed` ASC NULLS LAST LIMIT 1001
--   'salt'
--   'salt'

-- masked: bucket
SELECT (FLOOR((cost) / 25.0) * 25) AS `bucket`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT (FLOOR((cost) / 25.0) * 25) IS NULL GROUP BY 1 ORDER BY `bucket` ASC NULLS LAST LIMIT 1001

-- masked: gone
SELECT CASE WHEN 1 = 0 THEN (source) END AS `gone`, COUNT(*) AS `n` FROM (SELECT * FROM events) AS d WHERE NOT CASE WHEN 1 = 0 THEN (source) END IS NULL GROUP BY 1 ORDER BY `gone` ASC NULLS LAST LIMIT 1001

-- a look at names
SELECT COUNT(*) FROM (SELECT * FROM events) AS d LIMIT 0
