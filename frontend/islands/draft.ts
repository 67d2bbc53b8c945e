import type { Island } from "./island.ts";
import { fetchHtml, put } from "./net.ts";

const PAUSE = 350; // ms without a key before the server is asked

/** A form that shows what it would do: posts itself to `data-preview` after a pause, answer into `data-target`.
 *
 * A later change ends an earlier question. The element of `data-state` (a selector) says `data-changed` once something differs. What was
 * typed is never lost by a failed question: the old preview stays, marked `data-stale`.
 */
export const draft: Island = (element, signal) => {
  const form = element as HTMLFormElement;
  const first = new URLSearchParams(new FormData(form) as never).toString();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  function tell(): void {
    const changed = new URLSearchParams(new FormData(form) as never).toString() !== first;
    const place = form.dataset.state ? document.querySelector<HTMLElement>(form.dataset.state) : null;
    if (place) place.textContent = (changed ? place.dataset.changed : place.dataset.same) ?? "";
    form.toggleAttribute("data-dirty", changed);
  }

  async function ask(): Promise<void> {
    const target = document.querySelector<HTMLElement>(form.dataset.target!);
    if (!target) return;
    asking?.abort();
    asking = new AbortController();
    target.setAttribute("aria-busy", "true");
    try {
      put(target, await fetchHtml(form.dataset.preview!, { method: "POST", body: new FormData(form), signal: asking.signal }));
      delete target.dataset.stale;
    } catch (error) {
      if ((error as Error).name === "AbortError") return;
      target.dataset.stale = "true";
    }
    target.removeAttribute("aria-busy");
  }

  function later(): void {
    tell();
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE);
  }
  form.addEventListener("input", later, { signal });
  form.addEventListener("change", later, { signal });
  document.addEventListener(
    "input",
    (event) => {
      const field = event.target as HTMLInputElement; // one that stands elsewhere on the page and belongs to the form
      if (field.form === form && !form.contains(field)) later();
    },
    { signal },
  );
  signal.addEventListener("abort", () => (clearTimeout(timer), asking?.abort()));
};
