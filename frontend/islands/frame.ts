import type { Island } from "./island.ts";

/** An iframe of our own origin that grows to the height of its page, so that only one thing scrolls. */
export const frame: Island = (element, signal) => {
  const iframe = element as HTMLIFrameElement;
  let observer: ResizeObserver | undefined;
  function fit(): void {
    const body = iframe.contentDocument?.documentElement;
    if (!body) return; // another origin, or a sandbox without allow-same-origin: it keeps its own scroll bar
    iframe.height = String(body.scrollHeight);
    observer?.disconnect();
    observer = new ResizeObserver(() => (iframe.height = String(body.scrollHeight)));
    observer.observe(body);
  }
  iframe.addEventListener("load", fit, { signal });
  signal.addEventListener("abort", () => observer?.disconnect());
  fit();
};
