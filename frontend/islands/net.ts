// HTML from the server into the page, for islands that decide themselves when to ask.

interface Htmx {
  process(element: Element): void;
}

declare global {
  interface Window {
    htmx?: Htmx;
  }
}

/** The text of an answer. Throws when the server refused or could not be reached. */
export async function fetchHtml(address: string, init: RequestInit = {}): Promise<string> {
  const headers = { "HX-Request": "true", Accept: "text/html", ...init.headers };
  const answer = await fetch(address, { credentials: "same-origin", ...init, headers });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer.text();
}

/** Puts `html` into `target` and wakes the htmx attributes in it; islands wake by themselves. */
export function put(target: Element, html: string): void {
  target.innerHTML = html;
  window.htmx?.process(target);
}
