// A table of any length: only the rows in view are elements. Arrows move a cursor, Enter opens.
import { make, ownKeys, oncePerFrame } from "../page/_dom.js";
import { rowsInView } from "./_errors.js";

export const ROW = 27;

/** @param {object} how columns [{ name, text, width, className }], fill(row, item), open(item), sort(name) */
export function longTable(parent, { columns, fill, open, sort }, signal) {
  const grid = make(parent, "div", { className: "vtk-table" });
  grid.style.setProperty("--vtk-columns", columns.map((c) => c.width).join(" "));
  const port = ownKeys(make(grid, "div", { className: "vtk-port", tabIndex: 0, label: "Questions" }));
  port.setAttribute("role", "grid");
  const head = make(port, "div", { className: "vtk-tr vtk-th" });
  head.setAttribute("role", "row");
  const heads = columns.map((column) => {
    const cell = make(head, "div", { className: column.className ?? "" });
    cell.setAttribute("role", "columnheader");
    const name = ownKeys(make(cell, "button", { type: "button", text: column.text }));
    name.title = `Sort by ${column.text}`;
    name.addEventListener("click", () => sort(column.name), { signal });
    return { cell, name: column.name };
  });
  const room = make(port, "div", { className: "vtk-room" });
  room.setAttribute("role", "rowgroup");
  const id = `vtk-row-${Math.random().toString(36).slice(2)}`;
  let [items, cursor, opened] = [[], 0, -1];

  function paint() {
    const [first, last] = rowsInView(items.length, port.scrollTop, port.clientHeight || 300, ROW);
    const rows = [];
    for (let i = first; i < last; i++) {
      const row = document.createElement("div");
      row.className = "vtk-tr";
      row.id = `${id}-${i}`;
      row.dataset.row = i;
      row.setAttribute("role", "row");
      row.setAttribute("aria-rowindex", i + 2);
      row.setAttribute("aria-selected", items[i] === opened);
      row.classList.toggle("vtk-cursor", i === cursor);
      row.style.top = `${i * ROW}px`;
      fill(row, items[i]);
      rows.push(row);
    }
    room.replaceChildren(...rows);
    if (items.length) port.setAttribute("aria-activedescendant", `${id}-${cursor}`);
    else port.removeAttribute("aria-activedescendant");
  }

  function moveTo(i) {
    cursor = Math.min(items.length - 1, Math.max(0, i));
    const top = cursor * ROW; // the head lies over the first row of what is in view
    if (top < port.scrollTop) port.scrollTop = top;
    if (top + 2 * ROW > port.scrollTop + port.clientHeight) port.scrollTop = top + 2 * ROW - port.clientHeight;
    paint();
  }

  const repaint = oncePerFrame(paint, signal);
  port.addEventListener("scroll", repaint, { signal });
  port.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    moveTo(Number(row.dataset.row));
    open(items[cursor]);
  }, { signal });
  port.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(port.clientHeight / ROW) - 2);
    const to = {
      ArrowDown: cursor + 1, ArrowUp: cursor - 1, PageDown: cursor + page, PageUp: cursor - page,
      Home: 0, End: items.length - 1,
    }[event.key];
    if (to !== undefined) moveTo(to);
    else if (event.key === "Enter" && items.length) open(items[cursor]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });

  /** Show these items; the cursor stays on its item, or goes to the first. */
  function draw(shown, chosen, order) {
    const here = items[cursor];
    const another = chosen !== opened;
    items = shown;
    opened = chosen;
    cursor = Math.max(0, items.indexOf(chosen >= 0 && items.includes(chosen) ? chosen : here));
    room.style.height = `${items.length * ROW}px`;
    port.setAttribute("aria-rowcount", items.length + 1);
    const [column, down] = [order.replace(/^-/, ""), order.startsWith("-")];
    for (const { cell, name } of heads) {
      cell.setAttribute("aria-sort", name !== column ? "none" : down ? "descending" : "ascending");
    }
    if (another && items[cursor] === chosen) moveTo(cursor);
    else paint();
  }

  const size = new ResizeObserver(repaint);
  size.observe(port);
  signal.addEventListener("abort", () => size.disconnect());
  return { draw, toTop: () => { port.scrollTop = 0; } };
}
