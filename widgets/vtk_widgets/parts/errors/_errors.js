// How questions ended, as columns: which ones are meant, how many of what, in which order.

export const TENTHS = 10;
const COLLATE = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const COLUMNS = { answerS: 0, trueS: 2, iou: 4 };
const WIDTH = 5;

const bytesOf = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

/** All of it, out of the traits. `models` hold typed arrays, one entry per question. */
export function errorsOf(get) {
  const text = new TextDecoder().decode(get("queries"));
  const { ids = [], films = [], texts = [] } = JSON.parse(text || "{}");
  const models = get("models").map((name, k) => ({
    name,
    numbers: new Float32Array(bytesOf(get("numbers")[k])),
    ends: new Uint8Array(bytesOf(get("ends")[k])),
    lengths: new Uint8Array(bytesOf(get("lengths")[k])),
  }));
  return { count: ids.length, ids, films, texts, models };
}

export const iouOf = (model, q) => model.numbers[WIDTH * q + COLUMNS.iou];
export const tenthOf = (model, q) => Math.min(TENTHS - 1, Math.floor(TENTHS * iouOf(model, q) + 1e-6));

/** Start and end of an answer or of the truth; null where there is none. */
export function spanOf(model, q, which) {
  const at = WIDTH * q + COLUMNS[which];
  const [startS, endS] = [model.numbers[at], model.numbers[at + 1]];
  return Number.isFinite(startS) && Number.isFinite(endS) ? [startS, endS] : null;
}

/** Numbers of the questions that are meant, as the model answered them.
 * @param {object} by end, length, tenth (-1 for all), search */
export function meantQuestions(data, model, by) {
  const words = by.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (let q = 0; q < data.count; q++) {
    if (by.end >= 0 && model.ends[q] !== by.end) continue;
    if (by.length >= 0 && model.lengths[q] !== by.length) continue;
    if (by.tenth >= 0 && tenthOf(model, q) !== by.tenth) continue;
    if (words.length) {
      const text = `${data.ids[q]}\n${data.films[q]}\n${data.texts[q]}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
    }
    found.push(q);
  }
  return found;
}

/** Counts for a chart: a row for each value of `key`, a column for each end.
 * @param {(q: number) => number} key */
export function counted(model, questions, key, rows, ends) {
  const counts = Array.from({ length: rows }, () => new Array(ends).fill(0));
  for (const q of questions) counts[key(q)][model.ends[q]]++;
  return counts;
}

export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** What a chart of a model counts: the filter's questions, or, for the chart that filters, those
 * that it would show if it did not. */
export function chartQuestions(data, current, by, dimension, filters) {
  return meantQuestions(data, current, filters ? { ...by, [dimension]: -1 } : by);
}

/** A new list in the order of a column; "-" before its name turns it round. Equal ones, and those
 * without a value, come by number. */
export function sortedQuestions(data, model, questions, sort) {
  const down = sort.startsWith("-") ? -1 : 1;
  const [column, other] = sort.replace(/^-/, "").split(":");
  const start = (which) => (q) => spanOf(model, q, which)?.[0] ?? NaN;
  const value = {
    iou: (q) => iouOf(data.models[Number(other)] ?? model, q),
    end: (q) => model.ends[q],
    answer: start("answerS"),
    truth: start("trueS"),
    text: (q) => data.texts[q],
    film: (q) => data.films[q],
  }[column] ?? ((q) => q);
  const keyed = questions.map((q) => [value(q), q]);
  const compare = (a, b) => typeof a === "string" ? COLLATE.compare(a, b) : a - b;
  keyed.sort(([a, p], [b, q]) => {
    if (a !== a || b !== b) return (a !== a) - (b !== b) || p - q; // no value: at the end
    return down * compare(a, b) || p - q;
  });
  return keyed.map(([, q]) => q);
}

/** The sort after a click on a column's head. IoU begins with the worst. */
export const resorted = (sort, column) => sort === column ? `-${column}` : column;

export const percentText = (part, whole) => whole ? `${((100 * part) / whole).toFixed(1)} %` : "–";
export const manyText = (n) => n.toLocaleString("en");

/** What is on show, for people and screen readers. */
export function errorsText(data, model, questions) {
  const hits = questions.filter((q) => model.ends[q] === 0).length;
  const mean = sum(questions.map((q) => iouOf(model, q))) / Math.max(1, questions.length);
  const some = questions.length < data.count ? `${manyText(questions.length)} of ` : "";
  const told = `${some}${manyText(data.count)} questions`;
  return questions.length ? `${told}: ${percentText(hits, questions.length)} hits, mean IoU ${mean.toFixed(3)}` : told;
}

const spanCell = (span) => span ? span.map((s) => s.toFixed(2)) : ["", ""];

/** A table of questions, its head first. */
export function tableOf(data, model, questions, endNames) {
  const ious = data.models.map(({ name }) => `IoU ${name}`);
  const head = ["id", "film", "query", "end", ...ious, "answer start (s)", "answer end (s)", "truth start (s)", "truth end (s)"];
  const rows = questions.map((q) => [
    data.ids[q], data.films[q], data.texts[q], endNames[model.ends[q]],
    ...data.models.map((m) => iouOf(m, q).toFixed(4)),
    ...spanCell(spanOf(model, q, "answerS")), ...spanCell(spanOf(model, q, "trueS")),
  ]);
  return [head, ...rows];
}

const quoted = (cell) => /[",\r\n]/.test(cell) ? `"${cell.replaceAll("\"", "\"\"")}"` : cell;
/** A spreadsheet must not take a cell of somebody else's for a formula. */
const harmless = (cell) => /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
export const csvText = (table) => table.map((row) => row.map((c) => quoted(harmless(c))).join(",")).join("\r\n");

export function markdownText([head, ...rows]) {
  const line = (cells) => `| ${cells.map((c) => c.replace(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The rows of a long table that are in view, and a few around. */
export function rowsInView(count, top, height, rowHeight, spare = 8) {
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  return [first, Math.min(count, Math.ceil((top + height) / rowHeight) + spare)];
}
