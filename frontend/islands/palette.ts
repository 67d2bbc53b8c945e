import type { Island } from "./island.ts";

export interface Place {
  label: string;
  href: string;
  hint?: string;
}

const SHOWN = 12;

/** Places whose label or hint holds every word typed; those whose label starts with it come first. */
export function find(places: readonly Place[], typed: string): Place[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (place: Place) => `${place.label} ${place.hint ?? ""}`.toLowerCase();
  const rank = (place: Place) => (place.label.toLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
  const found = places.filter((place) => words.every((word) => text(place).includes(word)));
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
}

function linksOf(page: Document): Place[] {
  const links = page.querySelectorAll<HTMLAnchorElement>("[data-places] a[href]");
  return [...links].map((link) => ({ label: (link.dataset.label ?? link.textContent ?? "").trim(), href: link.href }));
}

function item(place: Place, id: string): HTMLElement {
  const line = document.createElement("li");
  const link = document.createElement("a");
  line.setAttribute("role", "none");
  link.id = id;
  link.href = place.href;
  link.tabIndex = -1;
  link.setAttribute("role", "option");
  link.append(place.label);
  if (place.hint) link.append(Object.assign(document.createElement("small"), { textContent: place.hint }));
  line.append(link);
  return line;
}

/** The dialog behind Ctrl-K: the page's own links at once, then what `data-src` answers: `[{label, href, hint}]`. */
export const palette: Island = (element, signal) => {
  const dialog = element as HTMLDialogElement;
  const input = dialog.querySelector("input")!;
  const list = dialog.querySelector<HTMLElement>("[data-results]")!;
  const none = dialog.querySelector<HTMLElement>("[data-none]")!;
  let places: Place[] = [];
  let at = 0;
  let asked = false;

  function mark(): void {
    const links = [...list.querySelectorAll("a")];
    at = Math.max(0, Math.min(at, links.length - 1));
    links.forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
    const link = links[at];
    link?.scrollIntoView?.({ block: "nearest" });
    if (link) input.setAttribute("aria-activedescendant", link.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(): void {
    list.replaceChildren(...find(places, input.value).map((place, index) => item(place, `place-${index}`)));
    none.hidden = list.children.length > 0;
    at = 0;
    mark();
  }

  async function ask(): Promise<void> {
    if (asked || !dialog.dataset.src) return;
    asked = true;
    try {
      const answer = await fetch(dialog.dataset.src, { headers: { Accept: "application/json" } });
      const more = (await answer.json()) as Place[];
      const known = new Set(places.map((place) => place.href));
      places = [...places, ...more.filter((place) => !known.has(new URL(place.href, location.href).href))];
      show();
    } catch {
      asked = false; // the page's own links still work; asked again at the next opening
    }
  }

  function open(): void {
    places = places.length ? places : linksOf(document);
    input.value = "";
    show();
    dialog.showModal();
    input.focus();
    void ask();
  }

  function key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at += event.key === "ArrowDown" ? 1 : -1;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      list.querySelectorAll("a")[at]?.click();
    }
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (dialog.open) dialog.close();
      else open();
    },
    { signal },
  );
  document.addEventListener(
    "click",
    (event) => {
      if (!(event.target as HTMLElement).closest?.("[data-palette-open]")) return;
      event.preventDefault();
      open();
    },
    { signal },
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(), { signal });
  input.addEventListener("input", show, { signal });
  input.addEventListener("keydown", key, { signal });
};
