import assert from "node:assert/strict";
import { test } from "node:test";
import { one, page, press, settle, signal } from "./page.ts";
import { appearance } from "../islands/appearance.ts";
import { relative, wall } from "../islands/clock.ts";
import { copy } from "../islands/copy.ts";
import { connect, sweep } from "../islands/island.ts";
import { notice } from "../islands/notice.ts";
import { once } from "../islands/once.ts";

test("an island starts once and its signal ends with its element", () => {
  page('<div data-island="a b"></div>');
  const calls: string[] = [];
  let ended: AbortSignal | undefined;
  const islands = { a: (_: HTMLElement, s: AbortSignal) => (calls.push("a"), (ended = s), undefined), b: () => void calls.push("b") };
  connect(document, islands);
  connect(document, islands);
  assert.deepEqual(calls, ["a", "b"]);
  one("[data-island]").remove();
  sweep();
  assert.equal(ended!.aborted, true);
});

test("the chosen ground holds, and the device's is taken back by forgetting it", () => {
  const menu = page(`<div data-island="appearance"><input type="radio" name="theme" value="system">
    <input type="radio" name="theme" value="dark"><input type="checkbox" name="contrast"></div>`);
  appearance(menu, signal());
  press(one("[value=dark]"));
  assert.equal(document.documentElement.dataset.theme, "dark");
  assert.equal(localStorage.getItem("broadsheet.theme"), "dark");
  press(one("[value=system]"));
  assert.equal(document.documentElement.dataset.theme, undefined);
  assert.equal(localStorage.getItem("broadsheet.theme"), null);
});

test("clocks name the day where it is another one", () => {
  const now = new Date("2026-11-23T14:12:00Z");
  assert.equal(wall(now, "Europe/London", "America/New_York", "en"), "14:12");
  assert.equal(wall(now, "Australia/Sydney", "America/New_York", "en"), "Tue 01:12");
  assert.equal(relative(new Date("2026-11-23T17:12:00Z"), now, "en"), "in 3 hours");
  assert.equal(relative(new Date("2026-11-21T14:00:00Z"), now, "en"), "2 days ago");
});

test("copying says that it was done", async () => {
  const button = page('<button hidden data-island="copy" data-copy="#t" data-done="Copied">Copy</button><pre id="t">when</pre>');
  let copied = "";
  Object.defineProperty(globalThis, "navigator", {
    value: { clipboard: { writeText: async (text: string) => void (copied = text) } },
    configurable: true,
  });
  copy(button, signal());
  press(button);
  await settle();
  assert.equal(copied, "when");
  assert.equal(button.textContent, "Copied");
});

test("a form is sent once", () => {
  const form = page('<form data-island="once"><button>Send</button></form>') as HTMLFormElement;
  once(form, signal());
  const send = () => {
    const event = new Event("submit", { cancelable: true });
    form.dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.deepEqual([send(), send()], [false, true]);
  window.dispatchEvent(new Event("pageshow"));
  assert.equal(send(), false);
});

test("a notice can be closed", () => {
  const place = page('<div data-island="notice"><button hidden data-close>Close</button></div>');
  notice(place, signal());
  assert.equal(one("[data-close]").hidden, false);
  press(one("[data-close]"));
  assert.equal(document.querySelector("[data-island]"), null);
});
