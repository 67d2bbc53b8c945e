import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, one, page, press, settle, signal } from "./page.ts";
import { opener } from "../islands/opener.ts";

const TABLE = `<table data-island="opener"><tbody>
  <tr><td><a href="/one/" data-opens="d1">Open</a></td></tr>
  <tr id="d1" hidden data-src="/one/?part=proof"><td data-slot></td></tr></tbody></table>`;

test("one press opens the row in place and asks for its proof once", async () => {
  opener(page(TABLE), signal());
  const asked = answers("<p>250 Ok</p>");
  press(one("[data-opens]"));
  await settle();
  assert.equal(one("#d1").hidden, false);
  assert.equal(one("[data-opens]").getAttribute("aria-expanded"), "true");
  assert.equal(one("[data-slot]").textContent, "250 Ok");
  press(one("[data-opens]"));
  press(one("[data-opens]"));
  await settle();
  assert.deepEqual(asked, ["/one/?part=proof"]);
});

test("control and press is left to the browser, which opens a tab", () => {
  opener(page(TABLE), signal());
  press(one("[data-opens]"), { ctrlKey: true });
  assert.equal(one("#d1").hidden, true);
});
