// A page without a browser, for the islands' tests.
import { Window } from "happy-dom";

const window = new Window({ url: "http://localhost/" });
const names = [
  "window",
  "document",
  "HTMLElement",
  "HTMLInputElement",
  "HTMLTextAreaElement",
  "Event",
  "KeyboardEvent",
  "MouseEvent",
  "FormData",
  "DOMParser",
  "MutationObserver",
  "localStorage",
  "location",
] as const;
for (const name of names) {
  const value = name === "window" ? window : window[name as "document"];
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** Puts `html` on the page and hands back the first `[data-island]` of it. */
export function page(html: string): HTMLElement {
  document.body.innerHTML = html;
  return document.querySelector<HTMLElement>("[data-island]")!;
}

export const one = <T extends HTMLElement = HTMLElement>(selector: string): T => document.querySelector<T>(selector)!;

export const signal = (): AbortSignal => new AbortController().signal;

export const settle = (ms = 0): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Answers every fetch with `body` until the next call; hands back the addresses asked for. */
export function answers(body: string, ok = true): string[] {
  const asked: string[] = [];
  globalThis.fetch = (async (address: string) => {
    asked.push(address);
    return { ok, status: ok ? 200 : 500, statusText: "", text: async () => body, json: async () => JSON.parse(body) };
  }) as never;
  return asked;
}

export function press(element: HTMLElement, init: MouseEventInit = {}): void {
  element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...init }));
}

export function key(element: EventTarget, name: string, init: KeyboardEventInit = {}): void {
  element.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...init }));
}

export function type(element: HTMLInputElement, value: string): void {
  element.value = value;
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
