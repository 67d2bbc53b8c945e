import type { Island } from "./island.ts";

const STAYS = 12_000; // ms; WCAG 2.2.1 asks for a way to keep it: a pointer or the focus on it does

/** A message that may be closed, and goes by itself when it has `data-passing` and nobody is at it. */
export const notice: Island = (element, signal) => {
  const close = element.querySelector<HTMLButtonElement>("[data-close]");
  if (close) close.hidden = false;
  close?.addEventListener("click", () => element.remove(), { signal });
  if (element.dataset.passing === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => (timer = setTimeout(() => element.remove(), STAYS));
  const stay = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, stay, { signal });
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, wait, { signal });
  signal.addEventListener("abort", stay);
  wait();
};
