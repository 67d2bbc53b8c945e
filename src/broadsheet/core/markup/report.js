// Tooltips by pointer and keyboard, series that can be put aside, tables that sort and filter. All that they tell is in
// the page without this script, which fetches nothing. An article that comes later wants a bubbling "bs:report" event.
(() => {
  "use strict";
  const all = (root, selector) => [...root.querySelectorAll(selector)];

  // A plot holds one drawing a width; only the one that is displayed counts.
  function points(plot) {
    const drawn = all(plot, ".bs-drawn").find((one) => one.getClientRects().length);
    return drawn ? all(drawn, ".bs-pt").filter((point) => !point.closest(".bs-off")) : [];
  }

  function told(point) {
    const title = point.querySelector("title");
    if (title) point.dataset.tip = title.textContent;
    title?.remove(); // else the browser shows it a second time
    return point.dataset.tip;
  }

  function distance(point, x, y) {
    const box = point.getBoundingClientRect();
    const dx = Math.max(box.left - x, 0, x - box.right);
    const dy = Math.max(box.top - y, 0, y - box.bottom);
    return Math.hypot(dx, dy) + Math.hypot(x - (box.left + box.right) / 2, y - (box.top + box.bottom) / 2) / 1000;
  }

  function hide(plot) {
    for (const point of all(plot, ".bs-on")) point.classList.remove("bs-on");
    plot.querySelector(".bs-tip").classList.remove("bs-shown");
  }

  // Everything at one position is told together, in the order of the series.
  function show(plot, position, aloud) {
    hide(plot);
    const here = points(plot).filter((point) => point.dataset.i === position);
    if (!here.length) return;
    plot.dataset.at = position;
    const lines = [...new Set(here.map(told))].filter(Boolean);
    here.forEach((point) => point.classList.add("bs-on"));
    const tip = plot.querySelector(".bs-tip");
    tip.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    const frame = plot.getBoundingClientRect();
    const box = here[0].getBoundingClientRect();
    const right = box.right - frame.left + 10;
    const left = right + tip.offsetWidth <= frame.width ? right : box.left - frame.left - tip.offsetWidth - 10;
    const top = (box.top + box.bottom) / 2 - frame.top - tip.offsetHeight / 2;
    tip.style.left = `${Math.max(0, Math.min(left, frame.width - tip.offsetWidth))}px`;
    tip.style.top = `${Math.max(0, Math.min(top, frame.height - tip.offsetHeight))}px`;
    tip.classList.add("bs-shown");
    if (aloud) plot.querySelector("[role=status]").textContent = lines.join("; ");
  }

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

  function key(event, plot) {
    if (event.key === "Escape") return hide(plot);
    const positions = [...new Set(points(plot).map((point) => point.dataset.i))].sort((a, b) => a - b);
    if (!(event.key in STEPS) || !positions.length || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const backwards = getComputedStyle(plot).direction === "rtl" && event.key.match(/Left|Right/) ? -1 : 1;
    const at = positions.indexOf(plot.dataset.at);
    const wanted = at < 0 ? 0 : at + STEPS[event.key] * backwards;
    show(plot, positions[Math.max(0, Math.min(wanted, positions.length - 1))], true);
  }

  function startPlot(plot) {
    if (!plot.querySelector(".bs-pt")) return;
    const tip = Object.assign(document.createElement("div"), { className: "bs-tip", ariaHidden: "true" });
    const status = Object.assign(document.createElement("div"), { className: "bs-vh", role: "status" });
    plot.append(tip, status);
    Object.assign(plot, { tabIndex: 0, role: "group", ariaLabel: plot.dataset.title });
    const point = (event) => {
      const near = points(plot).map((one) => [distance(one, event.clientX, event.clientY), one.dataset.i]);
      if (near.length) show(plot, near.reduce((best, one) => (one[0] < best[0] ? one : best))[1]);
    };
    for (const kind of ["pointermove", "pointerdown"]) plot.addEventListener(kind, point);
    plot.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide(plot));
    plot.addEventListener("blur", () => hide(plot));
    plot.addEventListener("keydown", (event) => key(event, plot));
  }

  // The names at the lines' ends are switches for a pointer; the key above has the same for the keyboard.
  function startKey(keys) {
    keys.hidden = false;
    keys.closest(".bs-figure").addEventListener("click", (event) => {
      const pressed = event.target.closest(".bs-key button, .bs-name");
      const button = all(keys, "button").find((one) => one.dataset.s === pressed?.dataset.s);
      if (!button) return;
      const on = button.ariaPressed !== "true";
      button.ariaPressed = on;
      const parts = all(event.currentTarget, ".bs-plot [data-s]");
      for (const part of parts) if (part.dataset.s === button.dataset.s) part.classList.toggle("bs-off", !on);
    });
  }

  function value(row, column) {
    const cell = row.cells[column];
    const raw = cell?.dataset.v ?? cell?.textContent.trim() ?? "";
    return raw !== "" && Number.isFinite(Number(raw)) ? Number(raw) : raw;
  }

  function sort(table, head, column) {
    const body = table.tBodies[0];
    body.original ??= [...body.rows];
    const turns = ["ascending", "descending", null];
    if (body.original.some((row) => typeof value(row, column) === "number")) turns.splice(0, 2, "descending", "ascending");
    const next = turns[(turns.indexOf(head.getAttribute("aria-sort")) + 1) % 3];
    all(table, "[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    const sign = next === "descending" ? -1 : 1;
    const rows = [...body.original];
    if (next) {
      head.setAttribute("aria-sort", next);
      const order = new Intl.Collator(table.closest("[lang]")?.lang, { numeric: true }).compare;
      rows.sort((one, other) => {
        const [a, b] = [value(one, column), value(other, column)];
        const numbers = typeof a === "number" && typeof b === "number";
        return (a === "") - (b === "") || sign * (numbers ? a - b : order(a, b)); // empty ones always last
      });
    }
    body.replaceChildren(...rows);
  }

  function startTable(section) {
    const table = section.querySelector(".bs-region > table");
    if (!table) return;
    for (const head of all(table, ".bs-heads > th")) {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head, head.cellIndex));
    }
    const filter = section.querySelector("[data-bs=filter]");
    if (filter) startFilter(filter, table);
    const widen = section.querySelector("[data-bs=widen]");
    if (!widen) return;
    widen.parentElement.hidden = false;
    widen.addEventListener("click", () => (widen.ariaPressed = section.classList.toggle("bs-all")));
  }

  function startFilter(field, table) {
    const tools = field.closest(".bs-filter");
    tools.hidden = false;
    field.addEventListener("input", () => {
      const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      const rows = [...table.tBodies[0].rows];
      for (const row of rows) {
        const text = row.textContent.toLocaleLowerCase();
        row.classList.toggle("bs-filtered", !words.every((word) => text.includes(word)));
      }
      const left = rows.filter((row) => !row.classList.contains("bs-filtered")).length;
      tools.querySelector("output").textContent = words.length ? `${left} / ${rows.length}` : "";
    });
  }

  function start(report) {
    if (report.classList.contains("bs-live")) return;
    report.classList.add("bs-live");
    all(report, "[data-bs=plot]").forEach(startPlot);
    all(report, ".bs-key").forEach(startKey);
    all(report, ".bs-table").forEach(startTable);
  }

  const startAll = (root) => all(root, ".bs-report").forEach(start);
  document.addEventListener("bs:report", (event) => start(event.target));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => startAll(document));
  else startAll(document);
})();
