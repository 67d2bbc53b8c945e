import type { Island } from "./island.ts";

type Fills = Record<string, string | string[]>;

/** A rule in words and in parts, kept in step.
 *
 * The form that it stands in asks the server while it is changed (see `draft`); the answer, in the form's `data-target`,
 * carries `[data-fills]`: values by the names of fields, as JSON, and templates `[data-goes]` for other places of the page.
 * Which of the two was touched last is sent as `by`. A field that somebody is in stays as it is. Buttons `[data-fix]`
 * (value "field=value") mend a field at once.
 */
export const rule: Island = (element, signal) => {
  const form = element.closest("form");
  const target = form?.dataset.target ? document.querySelector<HTMLElement>(form.dataset.target) : null;
  if (!form || !target) return;

  function fields(name: string): (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[] {
    return [...document.querySelectorAll<HTMLInputElement>(`[name="${name}"]`)].filter((one) => one.form === form);
  }

  function fill(fills: Fills): void {
    for (const [name, value] of Object.entries(fills)) {
      const wanted = Array.isArray(value) ? value : [value];
      for (const field of fields(name)) {
        if (field === document.activeElement && field.matches("input:not([type=radio], [type=checkbox]), textarea")) continue;
        if (field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type)) {
          field.checked = wanted.includes(field.value);
        } else if (field.value !== wanted[0]) {
          if ("options" in field && ![...field.options].some((one) => one.value === wanted[0])) {
            field.append(Object.assign(document.createElement("option"), { value: wanted[0], textContent: wanted[0] }));
          }
          field.value = wanted[0] ?? "";
        }
      }
    }
    offerKept(fills);
  }

  // a rule that has more to it than parts is of a kind that the page may not have had before
  function offerKept(fills: Fills): void {
    const choice = fields("every").find((one) => one.value === "kept")?.closest("label");
    if (choice && fills.every !== undefined) choice.hidden = fills.every !== "kept";
  }

  function answered(): void {
    const carried = target!.querySelector<HTMLElement>("[data-fills]");
    if (!carried) return;
    for (const part of carried.querySelectorAll<HTMLTemplateElement>("template[data-goes]")) {
      document.querySelector(part.dataset.goes!)?.replaceChildren(part.content.cloneNode(true));
    }
    fill(JSON.parse(carried.dataset.fills || "{}") as Fills);
    carried.remove();
  }

  function touched(event: Event): void {
    const name = (event.target as HTMLInputElement).name;
    const by = fields("by")[0];
    if (!by || !name) return;
    if (name === "words") by.value = "words";
    else if (element.contains(event.target as Node)) by.value = "parts";
  }

  form.addEventListener("input", touched, { signal, capture: true });
  document.addEventListener(
    "click",
    (event) => {
      const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-fix]");
      if (!button || button.form !== form) return;
      const [name = "", ...rest] = button.value.split("=");
      const field = fields(name)[0];
      if (!field || field.type === "hidden") return;
      event.preventDefault();
      field.value = rest.join("=");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    },
    { signal },
  );
  const watch = new MutationObserver(answered);
  watch.observe(target, { childList: true });
  signal.addEventListener("abort", () => watch.disconnect());
};
