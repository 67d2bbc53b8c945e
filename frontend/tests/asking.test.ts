import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, key, one, page, settle, signal, type } from "./page.ts";
import { draft } from "../islands/draft.ts";
import { faults } from "../islands/faults.ts";
import { filter } from "../islands/filter.ts";
import { poll } from "../islands/poll.ts";

test("a draft asks once after the pause, and says that it differs", async () => {
  const form = page(`<form data-island="draft" data-preview="/preview" data-target="#next" data-state="#state">
    <input name="at" value="08:00"><small id="state" data-changed="Not saved yet" data-same="As saved"></small>
    </form><div id="next">old</div>`);
  const asked = answers("<ol><li>Mon 30 Nov</li></ol>");
  draft(form, signal());
  type(one("input"), "09:0");
  type(one("input"), "09:00");
  assert.equal(one("#state").textContent, "Not saved yet");
  await settle(400);
  assert.deepEqual(asked, ["/preview"]);
  assert.equal(one("#next").textContent, "Mon 30 Nov");
});

test("a failed question leaves the old preview, marked", async () => {
  const form = page(`<form data-island="draft" data-preview="/preview" data-target="#next"><input name="at"></form>
    <div id="next">old</div>`);
  answers("", false);
  draft(form, signal());
  type(one("input"), "x");
  await settle(400);
  assert.equal(one("#next").textContent, "old");
  assert.equal(one("#next").dataset.stale, "true");
});

test("progress is asked for until there is no more", async () => {
  const place = page('<div data-island="poll" data-src="/run" data-every="5"><p data-more>3 of 40</p></div>');
  const asked = answers("<p>40 of 40</p>");
  poll(place, signal());
  await settle(40);
  assert.deepEqual(asked, ["/run"]);
  assert.equal(place.textContent, "40 of 40");
});

test("what the work changes elsewhere is renewed at its end, but not under a reader's hand", async () => {
  page(`<header id="head"><button>Stop it</button></header><div id="rows"><p class="opened">read just now</p></div>
    <div data-island="poll" data-src="/run" data-renews="#head #rows" data-every="5"><p data-more>…</p></div>`);
  const place = one("[data-island]");
  answers('<p>done</p><header id="head">It ended</header><div id="rows">40 rows</div>');
  poll(place, signal());
  await settle(40);
  assert.equal(one("#head").textContent, "It ended");
  assert.equal(one("#rows").textContent, "read just now");
});

test("the slash reaches the filter and Escape empties it", () => {
  const form = page('<form data-island="filter"><input type="search" value="verdant"></form>');
  filter(form, signal());
  key(document.body, "/");
  assert.equal(document.activeElement, one("input"));
  key(one("input"), "Escape");
  assert.equal(one<HTMLInputElement>("input").value, "");
});

test("a part that could not be asked for is told once, until the next one comes", () => {
  const place = page('<div data-island="faults" data-fault="It may be old."></div>');
  faults(place, signal());
  document.dispatchEvent(new Event("htmx:error"));
  document.dispatchEvent(new Event("htmx:response:error"));
  assert.equal(place.textContent, "It may be old.");
  const refused = Object.assign(new Event("htmx:after:swap"), { detail: { ctx: { response: { status: 500 } } } });
  document.dispatchEvent(refused);
  assert.equal(place.textContent, "It may be old.");
  document.dispatchEvent(new Event("htmx:after:swap"));
  assert.equal(place.textContent, "");
});
