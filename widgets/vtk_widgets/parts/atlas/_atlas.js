// The atlas as data: which systems are meant, in which order, and where their tiles lie.

export const EARLY = 2020; // systems up to this year share the first column: there are few
const COLLATE = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Systems out of the bytes of the trait. */
export function systemsOf(view) {
  if (!view || !view.byteLength) return [];
  return JSON.parse(new TextDecoder().decode(view));
}

const haystack = (system) => [
  system.name, system.key, system.title, system.idea, system.arxiv, system.year, system.authors,
  system.venue, ...system.mechanisms,
].join("\n").toLowerCase();

/** Whether a system is meant: by family, status, and every word of the search. */
export function meant(system, { family = "", status = "", search = "" }) {
  if (family && system.family !== family) return false;
  if (status && system.status !== status) return false;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = words.length ? haystack(system) : "";
  return words.every((word) => text.includes(word));
}

/** A new list in order: newest first by year, else alphabetical. */
export function ordered(systems, order) {
  const byName = (a, b) => COLLATE.compare(a.name, b.name);
  const by = {
    name: byName,
    year: (a, b) => b.year - a.year || byName(a, b),
    family: (a, b) => COLLATE.compare(a.family, b.family) || byName(a, b),
  }[order];
  return [...systems].sort(by);
}

/** Cards under headings: a family each, a year each, or all under one without a heading. */
export function groups(systems, order) {
  const found = new Map();
  for (const system of ordered(systems, order)) {
    const heading = { family: system.family, year: String(system.year), name: "" }[order];
    if (!found.has(heading)) found.set(heading, []);
    found.get(heading).push(system);
  }
  return [...found].map(([heading, members]) => ({ heading, members }));
}

const column = (system) => Math.max(system.year, EARLY);

/** The map: families as rows, years as columns, and the tiles of each cell, working ones first. */
export function mapOf(systems) {
  const families = [...new Set(systems.map((s) => s.family))].sort(COLLATE.compare);
  const years = [...new Set(systems.map(column))].sort((a, b) => a - b);
  const rank = (s) => s.status === "working" ? 0 : 1;
  const rows = families.map((family) => ({
    family,
    cells: years.map((year) => systems
      .filter((s) => s.family === family && column(s) === year)
      .sort((a, b) => rank(a) - rank(b) || COLLATE.compare(a.name, b.name))),
  }));
  const widest = years.map((_, i) => Math.max(...rows.map((row) => row.cells[i].length)));
  return { years, rows, widest };
}

export const yearText = (year) => year === EARLY ? `≤ ${year}` : String(year);

/** Where an arrow leads from a tile: along its row, or to the nearest column of another row.
 * @returns {string} key; the same one at the rim */
export function steppedTile({ rows, widest }, key, arrow) {
  const starts = widest.map((_, i) => widest.slice(0, i).reduce((sum, w) => sum + w + 1, 0));
  const lines = rows.map((row) => row.cells.flatMap((cell, i) =>
    cell.map((system, n) => ({ key: system.key, x: starts[i] + n })))).filter((line) => line.length);
  const y = lines.findIndex((line) => line.some((tile) => tile.key === key));
  if (y < 0) return lines[0]?.[0].key ?? "";
  const at = lines[y].findIndex((tile) => tile.key === key);
  if (arrow === "ArrowRight") return (lines[y][at + 1] ?? lines[y][at]).key;
  if (arrow === "ArrowLeft") return (lines[y][at - 1] ?? lines[y][at]).key;
  if (arrow === "Home") return lines[y][0].key;
  if (arrow === "End") return lines[y].at(-1).key;
  const next = lines[y + (arrow === "ArrowDown" ? 1 : -1)];
  if (!next) return key;
  const { x } = lines[y][at];
  return next.reduce((a, b) => Math.abs(b.x - x) < Math.abs(a.x - x) ? b : a).key;
}

/** How much works, for people. */
export function shareText(systems) {
  const done = systems.filter((s) => s.status === "working").length;
  return `${done} of ${systems.length}`;
}

/** Where a paper can be read; "" for what is no arXiv id. Nothing is asked until it is clicked. */
export function arxivAddress(id) {
  const known = /^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7})(v\d+)?$/.test(id);
  return known ? `https://arxiv.org/abs/${id}` : "";
}
