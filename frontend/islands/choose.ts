import type { Island } from "./island.ts";

/** A place with boxes `[data-box]`, `[data-box-all]`, and a bar `[data-bar]` that says how many are chosen.
 *
 * `[data-chosen]` in the bar shows the number; a button with `data-one` and `data-many` takes its words from them
 * (`{n}` is the number). `[data-clear]` chooses none. Shift chooses the rows between. Without script the bar is
 * always there and its button says what it does to the chosen rows.
 */
export const choose: Island = (form, signal) => {
  let last: HTMLInputElement | undefined;
  const boxes = () => [...form.querySelectorAll<HTMLInputElement>("[data-box]")].filter((box) => !box.disabled);
  const all = () => form.querySelector<HTMLInputElement>("[data-box-all]");
  const bar = () => form.querySelector<HTMLElement>("[data-bar]");

  function show(): void {
    const every = boxes();
    const count = every.filter((box) => box.checked).length;
    for (const box of every) box.closest("tr, li")?.classList.toggle("chosen", box.checked);
    const head = all();
    if (head) {
      head.checked = count > 0 && count === every.length;
      head.indeterminate = count > 0 && count < every.length;
    }
    const place = bar();
    if (!place) return;
    place.hidden = count === 0;
    for (const text of place.querySelectorAll("[data-chosen]")) text.textContent = String(count);
    for (const button of place.querySelectorAll<HTMLElement>("[data-many]")) {
      button.textContent = ((count === 1 && button.dataset.one) || button.dataset.many!).replace("{n}", String(count));
    }
  }

  function between(box: HTMLInputElement): void {
    const every = boxes();
    const [from, to] = [every.indexOf(last!), every.indexOf(box)].sort((a, b) => a - b);
    if (from! >= 0) for (const each of every.slice(from, to! + 1)) each.checked = box.checked;
  }

  form.addEventListener(
    "click",
    (event) => {
      const target = event.target as HTMLElement;
      if (target.closest("[data-clear]")) {
        for (const box of boxes()) box.checked = false;
      } else if (target instanceof HTMLInputElement && target.matches("[data-box]")) {
        if ((event as MouseEvent).shiftKey && last) between(target);
        last = target;
      } else return;
      show();
    },
    { signal },
  );
  form.addEventListener(
    "change",
    (event) => {
      const target = event.target as HTMLInputElement;
      if (target.matches("[data-box-all]")) for (const box of boxes()) box.checked = target.checked;
      show();
    },
    { signal },
  );
  // rows come and go when the list is filtered
  document.addEventListener("htmx:after:swap", show, { signal });
  show();
};
