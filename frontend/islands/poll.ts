import type { Island } from "./island.ts";
import { fetchHtml, put } from "./net.ts";

const EVERY = 2000; // ms, a page's share of the server is then under one request a second
const SLOWEST = 30_000;

/** Work under way: replaces its content from `data-src` every `data-every` ms until the answer has no
 * `[data-more]` in it. Rests while the page is not looked at or something in it has the focus, and waits longer after each failure.
 *
 * What the work changes elsewhere (`data-renews`, selectors) is taken from the page anew at the end, and before it
 * where a `[data-none]` says that there is nothing yet; never where a reader has opened a row. */
export const poll: Island = (element, signal) => {
  let wait = Number(element.dataset.every ?? EVERY);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function turn(): Promise<void> {
    if (document.hidden || inHand()) return later();
    try {
      put(element, await fetchHtml(element.dataset.src!, { signal }));
      await renew(!element.querySelector("[data-more]"));
      wait = Number(element.dataset.every ?? EVERY);
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    }
    if (!signal.aborted && element.querySelector("[data-more]")) later();
  }

  /** Someone is about to press something in it: it must not be taken away under their hand. */
  function inHand(): boolean {
    return document.activeElement !== document.body && element.contains(document.activeElement);
  }

  async function renew(ended: boolean): Promise<void> {
    const places = (element.dataset.renews?.split(" ") ?? [])
      .map((name) => [name, document.querySelector(name)] as const)
      .filter(([, old]) => old && !old.querySelector(".opened") && (ended || old.querySelector("[data-none]")));
    if (!places.length) return;
    const page = new DOMParser().parseFromString(await fetchHtml(location.href, { signal }), "text/html");
    for (const [name, old] of places) {
      const fresh = page.querySelector(name);
      if (old && fresh) put(old, fresh.innerHTML);
    }
  }

  function later(): void {
    timer = setTimeout(() => void turn(), wait);
  }
  signal.addEventListener("abort", () => clearTimeout(timer));
  if (element.querySelector("[data-more]")) later();
};
