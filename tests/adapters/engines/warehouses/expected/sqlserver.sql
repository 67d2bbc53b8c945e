-- total
SELECT TOP 1001 COUNT(*) AS [n], SUM(cost) AS [cost] FROM (SELECT * FROM events) AS d

-- instant by hour
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [hour], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATETIMEFROMPARTS(YEAR(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), MONTH(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), DAY(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), DATEPART(HOUR, DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), 0, 0, 0) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [hour] IS NULL THEN 1 ELSE 0 END, [hour] ASC

-- instant by day
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [day], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT CAST(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2)) AS DATE) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [day] IS NULL THEN 1 ELSE 0 END, [day] ASC

-- instant by week
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [week], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEADD(DAY, -(DATEDIFF(DAY, CAST('19000101' AS DATETIME2), CAST(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2)) AS DATETIME2)) % 7), CAST(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2)) AS DATE)) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [week] IS NULL THEN 1 ELSE 0 END, [week] ASC

-- instant by month
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [month], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEFROMPARTS(YEAR(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), MONTH(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), 1) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [month] IS NULL THEN 1 ELSE 0 END, [month] ASC

-- instant by quarter
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [quarter], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEFROMPARTS(YEAR(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), DATEPART(QUARTER, DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))) * 3 - 2, 1) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [quarter] IS NULL THEN 1 ELSE 0 END, [quarter] ASC

-- instant by year
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [year], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEFROMPARTS(YEAR(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), 1, 1) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [year] IS NULL THEN 1 ELSE 0 END, [year] ASC

-- instant by weekday
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [weekday], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT (DATEDIFF(DAY, CAST('19000101' AS DATETIME2), CAST(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2)) AS DATETIME2)) % 7) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [weekday] IS NULL THEN 1 ELSE 0 END, [weekday] ASC

-- instant by hour_of_day
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [hour_of_day], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEPART(HOUR, DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [hour_of_day] IS NULL THEN 1 ELSE 0 END, [hour_of_day] ASC

-- date by week
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [week], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEADD(DAY, -(DATEDIFF(DAY, CAST('19000101' AS DATETIME2), CAST(([day]) AS DATETIME2)) % 7), CAST(([day]) AS DATE)) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [week] IS NULL THEN 1 ELSE 0 END, [week] ASC

-- date by month
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [month], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEFROMPARTS(YEAR(([day])), MONTH(([day])), 1) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [month] IS NULL THEN 1 ELSE 0 END, [month] ASC

-- date by quarter
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [quarter], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEFROMPARTS(YEAR(([day])), DATEPART(QUARTER, ([day])) * 3 - 2, 1) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [quarter] IS NULL THEN 1 ELSE 0 END, [quarter] ASC

-- date by year
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [year], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT DATEFROMPARTS(YEAR(([day])), 1, 1) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [year] IS NULL THEN 1 ELSE 0 END, [year] ASC

-- date by weekday
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [weekday], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT (DATEDIFF(DAY, CAST('19000101' AS DATETIME2), CAST(([day]) AS DATETIME2)) % 7) AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [weekday] IS NULL THEN 1 ELSE 0 END, [weekday] ASC

-- names that are words
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [order], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT [order] AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [order] IS NULL THEN 1 ELSE 0 END, [order] ASC

-- an expression
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [upper], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT (UPPER(source)) AS _by_1) AS beside WHERE (UPPER(source)) <> ? GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [upper] IS NULL THEN 1 ELSE 0 END, [upper] ASC
--   'X'

-- span
SELECT TOP 1001 COUNT(*) AS [n] FROM (SELECT * FROM events) AS d WHERE [at] >= ? AND [at] < ?
--   datetime.datetime(2026, 9, 1, 0, 0)
--   datetime.datetime(2026, 10, 1, 0, 0)

-- filters
SELECT TOP 1001 COUNT(*) AS [n] FROM (SELECT * FROM events) AS d WHERE [source] IN (?, ?) AND [order] IS NULL AND 1 = 1 AND (cost) >= ? AND (cost) < ? AND (cost) <= ? AND [day] = ? AND [at] <> ? AND [source] = NULL AND [source] = ?
--   'a'
--   "b'; drop table events; --"
--   Decimal('12.50')
--   3
--   0.5
--   datetime.date(2026, 10, 1)
--   datetime.datetime(2026, 10, 1, 0, 0)
--   True

-- order
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [source], beside._by_2 AS [day], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT [source] AS _by_1, [day] AS _by_2) AS beside GROUP BY beside._by_1, beside._by_2) AS r ORDER BY [n] DESC, CASE WHEN [source] IS NULL THEN 1 ELSE 0 END, [source] ASC, CASE WHEN [day] IS NULL THEN 1 ELSE 0 END, [day] ASC

-- rows
SELECT TOP 1001 * FROM (SELECT [source] AS [source] FROM (SELECT * FROM events) AS d) AS r ORDER BY CASE WHEN [source] IS NULL THEN 1 ELSE 0 END, [source] ASC

-- rule
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [_rule_0], beside._by_2 AS [source], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT [buyer_id] AS _by_1, [source] AS _by_2) AS beside WHERE ([buyer_id] IN (?, ?) AND CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) IN (CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)), CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)))) GROUP BY beside._by_1, beside._by_2, CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000))) AS r ORDER BY CASE WHEN [source] IS NULL THEN 1 ELSE 0 END, [source] ASC
--   'b1'
--   'b2'
--   'b1'
--   'b2'

-- two rules
SELECT TOP 1001 beside._by_1 AS [_rule_0], beside._by_2 AS [_rule_1], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT [buyer_id] AS _by_1, [area] AS _by_2) AS beside WHERE ((([buyer_id] = ? AND CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000))) AND ([area] = ? AND CAST(CAST([area] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)))) OR (([buyer_id] = ? AND CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000))) AND ([area] = ? AND CAST(CAST([area] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000))))) GROUP BY beside._by_1, beside._by_2, CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)), CAST(CAST([area] AS NVARCHAR(4000)) AS VARBINARY(8000))
--   'b1'
--   'b1'
--   1
--   1
--   'b2'
--   'b2'
--   2
--   2

-- rules of tables
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [source], COUNT(*) AS [n] FROM (SELECT e.source, b.name FROM (SELECT * FROM events WHERE (events.[buyer_id] = ? AND CAST(CAST(events.[buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)))) AS e JOIN (SELECT * FROM buyers WHERE (buyers.[id] = ? AND CAST(CAST(buyers.[id] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000))) AND (buyers.[area] = ? AND CAST(CAST(buyers.[area] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)))) AS b ON b.id = e.buyer_id WHERE e.source <> 'a' UNION ALL SELECT 'x', name FROM (SELECT * FROM buyers WHERE (buyers.[id] = ? AND CAST(CAST(buyers.[id] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000))) AND (buyers.[area] = ? AND CAST(CAST(buyers.[area] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)))) AS buyers) AS d CROSS APPLY (SELECT [source] AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [source] IS NULL THEN 1 ELSE 0 END, [source] ASC
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
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [buyer.country], COUNT(*) AS [n], MAX([_many_0]) AS [_many_0] FROM (SELECT d.*, j0.[_field_0] AS [_field_0], j0.[_many] AS [_many_0] FROM (SELECT * FROM events) AS d LEFT JOIN (SELECT * FROM (SELECT [id] AS [_key_0], [country] AS [_field_0], COUNT(*) OVER (PARTITION BY [id]) AS [_many], ROW_NUMBER() OVER (PARTITION BY [id] ORDER BY [id]) AS [_place] FROM (SELECT * FROM buyers) AS d WHERE ([area] = ? AND CAST(CAST([area] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)))) AS u WHERE [_place] = 1) AS j0 ON [order] = j0.[_key_0]) AS d CROSS APPLY (SELECT [_field_0] AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [buyer.country] IS NULL THEN 1 ELSE 0 END, [buyer.country] ASC
--   'north'
--   'north'

-- a balance
SELECT TOP 1001 * FROM (SELECT _group_0 AS [_rule_0], _group_1 AS [month], _group_2 AS [source], MAX(_value_0) AS [stock], MAX(_value_1) AS [n] FROM (SELECT _group_0, _group_1, _group_2, _apart_0, CASE WHEN 1 = 0 THEN SUM(cost) END AS _value_0, COUNT(*) AS _value_1 FROM (SELECT d.*, [buyer_id] AS _group_0, DATEFROMPARTS(YEAR(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), MONTH(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), 1) AS _group_1, [source] AS _group_2, CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) AS _apart_0, CAST(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2)) AS DATE) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE ([buyer_id] IN (?, ?) AND CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) IN (CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)), CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000))))) AS d GROUP BY _group_0, _group_1, _group_2, _apart_0 UNION ALL SELECT _group_0, _group_1, _group_2, _apart_0, _value_0, _value_1 FROM (SELECT _group_0 AS _group_0, _group_1 AS _group_1, _group_2 AS _group_2, _apart_0 AS _apart_0, SUM(cost) AS _value_0, CASE WHEN 1 = 0 THEN COUNT(*) END AS _value_1, ROW_NUMBER() OVER (PARTITION BY _group_0, _group_1, _group_2, _apart_0 ORDER BY _moment_0 DESC) AS _place FROM (SELECT d.*, [buyer_id] AS _group_0, DATEFROMPARTS(YEAR(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), MONTH(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2))), 1) AS _group_1, [source] AS _group_2, CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) AS _apart_0, CAST(DATEADD(MINUTE, 540, CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2)) AS DATE) AS _moment_0 FROM (SELECT * FROM events) AS d WHERE ([buyer_id] IN (?, ?) AND CAST(CAST([buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) IN (CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)), CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000))))) AS d WHERE NOT _moment_0 IS NULL GROUP BY _group_0, _group_1, _group_2, _apart_0, _moment_0) AS t WHERE _place = 1) AS d GROUP BY _group_0, _group_1, _group_2, _apart_0) AS r ORDER BY CASE WHEN [month] IS NULL THEN 1 ELSE 0 END, [month] ASC, CASE WHEN [source] IS NULL THEN 1 ELSE 0 END, [source] ASC
--   'b1'
--   'b2'
--   'b1'
--   'b2'
--   'b1'
--   'b2'
--   'b1'
--   'b2'

-- a CTE
WITH mine AS (SELECT * FROM (SELECT * FROM events WHERE (events.[buyer_id] = ? AND CAST(CAST(events.[buyer_id] AS NVARCHAR(4000)) AS VARBINARY(8000)) = CAST(CAST(? AS NVARCHAR(4000)) AS VARBINARY(8000)))) AS events) SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [source], COUNT(*) AS [n] FROM (SELECT * FROM mine) AS d CROSS APPLY (SELECT [source] AS _by_1) AS beside GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [source] IS NULL THEN 1 ELSE 0 END, [source] ASC
--   'b1'
--   'b1'

-- masked: full
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [full], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT CASE WHEN (source) IS NULL THEN NULL ELSE N'•••' END AS _by_1) AS beside WHERE NOT CASE WHEN (source) IS NULL THEN NULL ELSE N'•••' END IS NULL GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [full] IS NULL THEN 1 ELSE 0 END, [full] ASC

-- masked: partial
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [partial], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT (SUBSTRING(CAST((source) AS NVARCHAR(1000)), 1, 1) + N'•••') AS _by_1) AS beside WHERE NOT (SUBSTRING(CAST((source) AS NVARCHAR(1000)), 1, 1) + N'•••') IS NULL GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [partial] IS NULL THEN 1 ELSE 0 END, [partial] ASC

-- masked: hashed
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [hashed], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT SUBSTRING(CASE WHEN (source) IS NULL THEN NULL ELSE LOWER(CONVERT(VARCHAR(64), HASHBYTES('SHA2_256', CAST(CAST(CONCAT(?, (source)) AS NVARCHAR(4000)) COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(8000))), 2)) END, 1, 12) AS _by_1) AS beside WHERE NOT SUBSTRING(CASE WHEN (source) IS NULL THEN NULL ELSE LOWER(CONVERT(VARCHAR(64), HASHBYTES('SHA2_256', CAST(CAST(CONCAT(?, (source)) AS NVARCHAR(4000)) COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(8000))), 2)) END, 1, 12) IS NULL GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [hashed] IS NULL THEN 1 ELSE 0 END, [hashed] ASC
--   'salt'
--   'salt'

-- masked: bucket
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [bucket], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT (FLOOR((cost) / 25.0) * 25) AS _by_1) AS beside WHERE NOT (FLOOR((cost) / 25.0) * 25) IS NULL GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [bucket] IS NULL THEN 1 ELSE 0 END, [bucket] ASC

-- masked: gone
SELECT TOP 1001 * FROM (SELECT beside._by_1 AS [gone], COUNT(*) AS [n] FROM (SELECT * FROM events) AS d CROSS APPLY (SELECT CASE WHEN 1 = 0 THEN (source) END AS _by_1) AS beside WHERE NOT CASE WHEN 1 = 0 THEN (source) END IS NULL GROUP BY beside._by_1) AS r ORDER BY CASE WHEN [gone] IS NULL THEN 1 ELSE 0 END, [gone] ASC

-- a look at names
SELECT TOP 0 COUNT(*) FROM (SELECT * FROM events) AS d
