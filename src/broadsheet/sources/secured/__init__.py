"""What holds inside and around every query: the guard, rules on rows and tables, masks, classes, small groups."""
