import type { Island } from "./island.ts";

const STALLED = 10_000; // ms; an answer that is a download leaves the page as it is, and must not lock it

/** A form that is sent once: a second press while it is under way does nothing, and the button says what happens. */
export const once: Island = (element, signal) => {
  const form = element as HTMLFormElement;
  let button: HTMLElement | null = null;
  let label: string | null = null;

  function again(): void {
    delete form.dataset.sent;
    button?.removeAttribute("aria-busy");
    if (button && label !== null) button.textContent = label;
    button = label = null;
  }

  form.addEventListener(
    "submit",
    (event) => {
      if (form.dataset.sent !== undefined) return event.preventDefault();
      form.dataset.sent = "";
      button = (event as SubmitEvent).submitter;
      button?.setAttribute("aria-busy", "true");
      if (button?.dataset.busy) {
        label = button.textContent;
        button.textContent = button.dataset.busy;
      }
      setTimeout(again, STALLED);
    },
    { signal },
  );
  // the browser's Back shows the page as it was left: make it usable again
  window.addEventListener("pageshow", again, { signal });
};
