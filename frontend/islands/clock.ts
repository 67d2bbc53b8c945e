import type { Island } from "./island.ts";

const MINUTE = 60_000;
const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
];

/** “in 3 hours”, “5 minutes ago”, “now”, in the page's language. */
export function relative(instant: Date, now: Date, language: string): string {
  const gap = instant.getTime() - now.getTime();
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, length] of STEPS) {
    if (Math.abs(gap) >= length) return format.format(Math.trunc(gap / length), unit);
  }
  return format.format(0, "second");
}

/** “09:12”, with the weekday where it is another day than in `home`. */
export function wall(now: Date, zone: string, home: string, language: string): string {
  const day = (timeZone: string) => now.toLocaleDateString("en-CA", { timeZone });
  const time = now.toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  if (day(zone) === day(home)) return time;
  return `${now.toLocaleDateString(language, { timeZone: zone, weekday: "short" })} ${time}`;
}

/** `[data-zone]` shows that zone's wall clock; `time[data-ago]` how far its moment is. Both move with the minute. */
export const clock: Island = (element, signal) => {
  const language = document.documentElement.lang || "en";
  function show(): void {
    const now = new Date();
    for (const place of element.querySelectorAll<HTMLElement>("[data-zone]")) {
      const zone = place.dataset.zone!;
      place.textContent = wall(now, zone, element.dataset.home ?? zone, language);
    }
    for (const place of element.querySelectorAll<HTMLTimeElement>("time[data-ago]")) {
      place.textContent = relative(new Date(place.dateTime), now, language);
    }
  }
  show();
  let timer = setTimeout(function tick() {
    show();
    timer = setTimeout(tick, MINUTE - (Date.now() % MINUTE));
  }, MINUTE - (Date.now() % MINUTE));
  signal.addEventListener("abort", () => clearTimeout(timer));
};
