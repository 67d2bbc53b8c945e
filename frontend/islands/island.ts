// One behaviour a file. An island is named by data-island="name other" and gets its element once, whether it came
// with the page or with a part of it; when the element leaves, the signal is aborted and its listeners go.

export type Island = (element: HTMLElement, signal: AbortSignal) => void;
export type Islands = Readonly<Record<string, Island>>;

const alive = new Map<HTMLElement, AbortController>();

function start(element: HTMLElement, islands: Islands): void {
  if (alive.has(element)) return;
  const controller = new AbortController();
  alive.set(element, controller);
  for (const name of (element.dataset.island ?? "").split(/\s+/)) islands[name]?.(element, controller.signal);
}

/** Starts the islands in `root`. Safe to call again: nothing starts twice. */
export function connect(root: ParentNode, islands: Islands): void {
  if (root instanceof HTMLElement && root.dataset.island !== undefined) start(root, islands);
  for (const element of root.querySelectorAll<HTMLElement>("[data-island]")) start(element, islands);
}

/** Ends the islands whose element has left the page. */
export function sweep(): void {
  for (const [element, controller] of alive) {
    if (element.isConnected) continue;
    controller.abort();
    alive.delete(element);
  }
}

/** Starts what is there and keeps watch over what comes and goes. */
export function watch(page: Document, islands: Islands): void {
  connect(page, islands);
  new MutationObserver((records) => {
    for (const record of records) {
      for (const node of record.addedNodes) if (node instanceof HTMLElement) connect(node, islands);
    }
    sweep();
  }).observe(page.body, { childList: true, subtree: true });
}
