import type { Island } from "./island.ts";

const SAID_FOR = 2000; // ms, long enough to be read and read out

/** A button that copies the text of `data-copy` (a selector) or `data-text`, and says so in `data-done`. */
export const copy: Island = (button, signal) => {
  button.hidden = false;
  const label = button.textContent ?? "";
  button.addEventListener(
    "click",
    async () => {
      const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : undefined;
      const text = source instanceof HTMLTextAreaElement ? source.value : source?.textContent;
      await navigator.clipboard.writeText(text ?? button.dataset.text ?? "");
      button.textContent = button.dataset.done ?? label;
      setTimeout(() => (button.textContent = label), SAID_FOR);
    },
    { signal },
  );
};
