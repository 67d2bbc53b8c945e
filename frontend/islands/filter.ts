import type { Island } from "./island.ts";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

/** A filter form. htmx asks the server (its attributes stand on the form); this adds the key “/” to reach it, and
 * empties it by Escape. Its submit button is for those without script. */
export const filter: Island = (form, signal) => {
  const input = form.querySelector<HTMLInputElement>("input[type=search]");
  if (!input) return;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || typing(event.target)) return;
      event.preventDefault();
      input.focus();
    },
    { signal },
  );
  input.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !input.value) return;
      input.value = "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },
    { signal },
  );
};
