import type { Island } from "./island.ts";

/** A form that is sent once: a second press while it is under way does nothing, and the button says what happens. */
export const once: Island = (element, signal) => {
  const form = element as HTMLFormElement;
  form.addEventListener(
    "submit",
    (event) => {
      if (form.dataset.sent !== undefined) return event.preventDefault();
      form.dataset.sent = "";
      const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
      button?.setAttribute("aria-busy", "true");
      if (button?.dataset.busy) button.textContent = button.dataset.busy;
    },
    { signal },
  );
  // the browser's Back shows the page as it was left: make it usable again
  window.addEventListener("pageshow", () => delete form.dataset.sent, { signal });
};
