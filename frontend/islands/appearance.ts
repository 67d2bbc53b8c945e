import type { Island } from "./island.ts";

const THEMES = ["light", "dark"];

function keep(name: string, value: string | undefined): void {
  try {
    if (value) localStorage.setItem(`broadsheet.${name}`, value);
    else localStorage.removeItem(`broadsheet.${name}`);
  } catch {
    // storage may be forbidden: the choice then holds for this page
  }
}

function set(name: "theme" | "contrast", value: string | undefined): void {
  const root = document.documentElement;
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  keep(name, value);
}

/** Radios named `theme` (system, light, dark) and a box named `contrast`; theme.ts applies them on the next page. */
export const appearance: Island = (element, signal) => {
  const { theme = "system", contrast } = document.documentElement.dataset;
  for (const input of element.querySelectorAll("input")) {
    if (input.type === "radio") input.checked = input.value === theme;
    else input.checked = contrast === "more";
  }
  element.addEventListener(
    "change",
    (event) => {
      const input = event.target as HTMLInputElement;
      if (input.type === "checkbox") set("contrast", input.checked ? "more" : undefined);
      else set("theme", THEMES.includes(input.value) ? input.value : undefined);
    },
    { signal },
  );
};
