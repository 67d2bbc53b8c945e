import { appearance } from "./appearance.ts";
import { choose } from "./choose.ts";
import { clock } from "./clock.ts";
import { copy } from "./copy.ts";
import { draft } from "./draft.ts";
import { faults } from "./faults.ts";
import { filter } from "./filter.ts";
import type { Islands } from "./island.ts";
import { notice } from "./notice.ts";
import { once } from "./once.ts";
import { opener } from "./opener.ts";
import { palette } from "./palette.ts";
import { poll } from "./poll.ts";
import { rule } from "./rule.ts";

export const islands: Islands = {
  appearance,
  choose,
  clock,
  copy,
  draft,
  faults,
  filter,
  notice,
  once,
  opener,
  palette,
  poll,
  rule,
};
