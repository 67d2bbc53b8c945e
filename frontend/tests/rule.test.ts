import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, one, page, press, settle, signal, type } from "./page.ts";
import { draft } from "../islands/draft.ts";
import { rule } from "../islands/rule.ts";

const FORM = `<form id="schedule" data-preview="/preview" data-target="#preview">
  <input type="hidden" name="by"><input type="hidden" name="rule" value="{}"><input type="hidden" name="said" value="">
  <textarea name="words">every day at 08:00</textarea><div id="understood"></div>
  <div data-island="rule"><label><input type="radio" name="every" value="day" checked></label>
  <label><input type="radio" name="every" value="week"></label><label hidden><input type="radio" name="every" value="kept"></label>
  <input type="checkbox" name="days" value="mon"><input name="at" value="08:00">
  <select name="roll"><option value="">stays</option></select></div></form>
  <div id="preview"></div><input name="ask" form="schedule">`;

function answer(fills: object): string {
  const text = JSON.stringify(fills).replaceAll('"', "&quot;");
  return `<p>Mon 30 Nov</p><div hidden data-fills="${text}"><template data-goes="#understood"><p>Every Monday</p></template></div>`;
}

async function opened(): Promise<void> {
  const editor = page(FORM);
  draft(one("form"), signal());
  rule(editor, signal());
}

test("words fill the parts, and say that they were typed", async () => {
  await opened();
  answers(answer({ every: "week", days: ["mon"], at: "09:30", roll: "following", said: "every Monday at 09:30", by: "" }));
  one("textarea").focus();
  type(one("textarea"), "every Monday at 09:30");
  assert.equal(one<HTMLInputElement>("[name=by]").value, "words");
  await settle(400);
  assert.equal(one<HTMLInputElement>("[value=week]").checked, true);
  assert.equal(one<HTMLInputElement>("[value=mon]").checked, true);
  assert.equal(one<HTMLInputElement>("[name=at]").value, "09:30");
  assert.equal(one<HTMLSelectElement>("[name=roll]").value, "following");
  assert.equal(one("#understood").textContent, "Every Monday");
  assert.equal(one("#preview").textContent, "Mon 30 Nov");
});

test("parts rewrite the words, and a field that somebody is in stays", async () => {
  await opened();
  answers(answer({ words: "every day at 10:00", said: "every day at 10:00", at: "10:00:00" }));
  const at = one<HTMLInputElement>("[name=at]");
  at.focus();
  type(at, "10:00");
  assert.equal(one<HTMLInputElement>("[name=by]").value, "parts");
  await settle(400);
  assert.equal(one<HTMLTextAreaElement>("textarea").value, "every day at 10:00");
  assert.equal(at.value, "10:00");
});

test("a rule with more than parts is offered as what it is", async () => {
  await opened();
  const kept = one("[value=kept]").closest("label")!;
  answers(answer({ every: "kept" }));
  type(one("textarea"), "every day at 8 and also every Monday at 9");
  await settle(400);
  assert.equal(kept.hidden, false);
  assert.equal(one<HTMLInputElement>("[value=kept]").checked, true);
});

test("a fix is put into its field, without leaving the page", async () => {
  await opened();
  const asked = answers(answer({}));
  one("#preview").innerHTML = '<button form="schedule" name="fix" value="words=every tuesday at 08:00" data-fix></button>';
  press(one("[data-fix]"));
  assert.equal(one<HTMLTextAreaElement>("textarea").value, "every tuesday at 08:00");
  await settle(400);
  assert.deepEqual(asked, ["/preview"]);
});

test("a field that stands elsewhere asks as well", async () => {
  await opened();
  const asked = answers(answer({}));
  type(one("[name=ask]"), "25 Dec 2026");
  await settle(400);
  assert.deepEqual(asked, ["/preview"]);
});
