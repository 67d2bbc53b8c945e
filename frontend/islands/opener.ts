import type { Island } from "./island.ts";
import { fetchHtml, put } from "./net.ts";

/** A table whose rows open in place.
 *
 * A link `[data-opens="id"]` shows and hides the row `#id`. Where that row has `data-src` and is still empty, its
 * `[data-slot]` is filled from there at the first opening; if that fails, the link's own page is gone to, which has
 * the same facts. Without script the link simply leads there.
 */
export const opener: Island = (element, signal) => {
  element.addEventListener(
    "click",
    async (event) => {
      const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("[data-opens]");
      if (!link || (event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey) return;
      const row = document.getElementById(link.dataset.opens!);
      if (!row) return;
      event.preventDefault();
      const open = Boolean(row.hidden);
      row.hidden = !open;
      link.setAttribute("aria-expanded", String(open));
      link.closest("tr")?.classList.toggle("opened", open);
      const slot = row.querySelector("[data-slot]");
      if (!open || !slot || !row.dataset.src) return;
      try {
        put(slot, await fetchHtml(row.dataset.src));
        delete row.dataset.src;
      } catch {
        location.assign(link.href);
      }
    },
    { signal },
  );
  for (const link of element.querySelectorAll<HTMLElement>("[data-opens]")) {
    const row = document.getElementById(link.dataset.opens!);
    link.setAttribute("aria-expanded", String(row ? !row.hidden : false));
    link.setAttribute("role", "button");
  }
};
