import assert from "node:assert/strict";
import { test } from "node:test";
import { one, page, press, signal } from "./page.ts";
import { choose } from "../islands/choose.ts";

const LIST = `<form data-island="choose">
  <div data-bar><b data-chosen></b><button data-one="Resend this one" data-many="Resend these {n}"></button>
  <button type="button" data-clear>Choose none</button></div>
  <table><thead><tr><th><input type="checkbox" data-box-all></th></tr></thead><tbody>
  ${[1, 2, 3, 4].map((n) => `<tr><td><input type="checkbox" data-box id="b${n}"></td></tr>`).join("")}
  </tbody></table></form>`;

test("the bar shows itself, the number and the exact act", () => {
  choose(page(LIST), signal());
  assert.equal(one("[data-bar]").hidden, true);
  press(one("#b1"));
  assert.equal(one("[data-bar]").hidden, false);
  assert.equal(one("[data-many]").textContent, "Resend this one");
  press(one("#b2"));
  assert.equal(one("[data-many]").textContent, "Resend these 2");
  assert.equal(one<HTMLInputElement>("[data-box-all]").indeterminate, true);
  assert.ok(one("#b2").closest("tr")!.classList.contains("chosen"));
});

test("shift chooses the rows between, and choosing none takes all back", () => {
  choose(page(LIST), signal());
  press(one("#b1"));
  press(one("#b4"), { shiftKey: true });
  assert.equal(one("[data-chosen]").textContent, "4");
  press(one("[data-clear]"));
  assert.equal(one("[data-bar]").hidden, true);
});
