import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, key, one, page, settle, signal, type } from "./page.ts";
import { find, palette } from "../islands/palette.ts";

const DIALOG = `<nav data-places><a href="/reports/">Reports</a><a href="/schedules/">Schedules</a></nav>
  <dialog data-island="palette" data-src="/places.json"><input>
  <ul data-results></ul><p data-none hidden>Nothing by that name.</p></dialog>`;

test("every word typed must be there, and a label that starts with it comes first", () => {
  const places = [
    { label: "Run buyers-monday", href: "/r" },
    { label: "Buyer performance", href: "/b", hint: "report" },
    { label: "Settings", href: "/s" },
  ];
  assert.deepEqual(find(places, "buy").map((place) => place.href), ["/b", "/r"]);
  assert.deepEqual(find(places, "report buyer").map((place) => place.href), ["/b"]);
});

test("Ctrl-K opens it with the page's links, then with what the server knows", async () => {
  const dialog = page(DIALOG) as HTMLDialogElement;
  answers('[{"label": "buyers-monday", "href": "/schedules/buyers-monday/", "hint": "schedule"}]');
  palette(dialog, signal());
  key(document, "k", { ctrlKey: true });
  assert.equal(dialog.open, true);
  assert.equal(document.querySelectorAll("[role=option]").length, 2);
  await settle();
  type(one("input"), "monday");
  assert.match(one("[data-results]").textContent!, /buyers-monday/);
  type(one("input"), "nowhere");
  assert.equal(one("[data-none]").hidden, false);
});

test("arrows move the mark and Enter goes there", () => {
  palette(page(DIALOG), signal());
  key(document, "k", { ctrlKey: true });
  let went = "";
  document.addEventListener("click", (event) => (went = (event.target as HTMLAnchorElement).pathname), { once: true });
  key(one("input"), "ArrowDown");
  assert.equal(one("input").getAttribute("aria-activedescendant"), "place-1");
  key(one("input"), "Enter");
  assert.equal(went, "/schedules/");
});
