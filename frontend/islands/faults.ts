import type { Island } from "./island.ts";

interface Swapped {
  ctx?: { response?: { status?: number } };
}

/** The place of messages says when a part of the page could not be asked for, in the words of `data-fault`.
 *
 * What stood there stays; the message goes when a later question is answered.
 */
export const faults: Island = (element, signal) => {
  const own = () => element.querySelector("[data-fault-shown]");

  function tell(): void {
    if (own()) return;
    const place = document.createElement("div");
    place.className = "notice is-failed";
    place.dataset.faultShown = "";
    place.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = element.dataset.fault ?? "";
    place.append(document.createElement("span"), text);
    element.append(place);
  }

  for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, tell, { signal });
  document.addEventListener(
    "htmx:after:swap",
    (event) => {
      // htmx fires this for refused answers too, whose swap is "none"
      const detail = (event as CustomEvent<Swapped>).detail;
      if ((detail?.ctx?.response?.status ?? 200) < 400) own()?.remove();
    },
    { signal },
  );
};
