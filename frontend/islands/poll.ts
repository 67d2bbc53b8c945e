import type { Island } from "./island.ts";
import { fetchHtml, put } from "./net.ts";

const EVERY = 2000; // ms, a page's share of the server is then under one request a second
const SLOWEST = 30_000;

/** Work under way: replaces its content from `data-src` every `data-every` ms until the answer has no
 * `[data-more]` in it. Rests while the page is not looked at, and waits longer after each failure. */
export const poll: Island = (element, signal) => {
  let wait = Number(element.dataset.every ?? EVERY);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function turn(): Promise<void> {
    if (document.hidden) return later();
    try {
      put(element, await fetchHtml(element.dataset.src!, { signal }));
      wait = Number(element.dataset.every ?? EVERY);
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    }
    if (!signal.aborted && element.querySelector("[data-more]")) later();
  }

  function later(): void {
    timer = setTimeout(() => void turn(), wait);
  }
  signal.addEventListener("abort", () => clearTimeout(timer));
  if (element.querySelector("[data-more]")) later();
};
