// One model's charts: how well (tenths of IoU), how (ends), and for which moments (lengths).
import { make, ownKeys } from "../page/_dom.js";
import { TENTHS, counted, sum, tenthOf, chartQuestions, percentText, manyText } from "./_errors.js";

const TALL = 84; // of the histogram, in pixels

function stack(parent, counts, whole, side) {
  counts.forEach((count, end) => {
    if (!count) return;
    const part = make(parent, "i", { className: `vtk-end vtk-end-${end}` });
    part.style[side] = `${(100 * count) / whole}%`;
  });
}

function bar(parent, { label, pressed, onClick, className }, signal) {
  const made = ownKeys(make(parent, "button", { type: "button", label, title: label, className }));
  made.setAttribute("aria-pressed", pressed);
  made.addEventListener("click", onClick, { signal });
  return made;
}

/** Draws into `parent`. @param {(k: number, dimension: string, value: number) => void} pick */
export function drawCharts(parent, { data, k, current, by, names, most }, pick, signal) {
  const model = data.models[k];
  const chosen = k === current;
  const asked = (dimension) =>
    chartQuestions(data, data.models[current], by, dimension, chosen);
  const on = (dimension, value) => chosen && by[dimension] === value;

  const tenths = counted(model, asked("tenth"), (q) => tenthOf(model, q), TENTHS, names.ends.length);
  const histogram = make(parent, "div", { className: "vtk-histogram", label: "IoU of the first answer" });
  histogram.setAttribute("role", "group");
  const columns = make(histogram, "div", { className: "vtk-columns" });
  columns.style.height = `${TALL}px`;
  tenths.forEach((counts, tenth) => {
    const many = sum(counts);
    const label = `IoU ${tenth / 10} to ${(tenth + 1) / 10}: ${manyText(many)} questions`;
    const onClick = () => pick(k, "tenth", tenth);
    const column = bar(columns, { label, pressed: on("tenth", tenth), onClick, className: "vtk-column" }, signal);
    const pile = make(column, "span");
    pile.style.height = `${(100 * many) / Math.max(1, most)}%`;
    stack(pile, [...counts], Math.max(1, many), "height");
  });
  const axis = make(histogram, "div", { className: "vtk-axis" });
  for (const at of ["0", "0.5", "1"]) make(axis, "span", { text: at });
  make(histogram, "div", { className: "vtk-axis-name", text: "IoU of the first answer" });

  const ended = asked("end");
  const ends = counted(model, ended, (q) => model.ends[q], names.ends.length, names.ends.length);
  const kinds = make(parent, "div", { className: "vtk-kinds", label: "How questions ended" });
  kinds.setAttribute("role", "group");
  const mostEnds = Math.max(1, ...ends.map(sum));
  ends.forEach((counts, end) => {
    const many = sum(counts);
    const label = `${names.ends[end]}: ${manyText(many)} questions, ${percentText(many, ended.length)}`;
    const onClick = () => pick(k, "end", end);
    const row = bar(kinds, { label, pressed: on("end", end), onClick, className: "vtk-row" }, signal);
    make(row, "span", { className: "vtk-row-name", text: names.ends[end] });
    const track = make(row, "span", { className: "vtk-row-track" });
    stack(track, counts, mostEnds, "width");
    make(row, "span", { className: "vtk-row-count", text: percentText(many, ended.length) });
  });

  const long = asked("length");
  const lengths = counted(model, long, (q) => model.lengths[q], names.lengths.length, names.ends.length);
  const durations = make(parent, "div", { className: "vtk-kinds vtk-lengths", label: "Length of the true moment" });
  durations.setAttribute("role", "group");
  lengths.forEach((counts, length) => {
    const many = sum(counts);
    const label = `true moments ${names.lengths[length]}: ${manyText(many)} questions, ${percentText(counts[0], many)} hits`;
    const onClick = () => pick(k, "length", length);
    const row = bar(durations, { label, pressed: on("length", length), onClick, className: "vtk-row" }, signal);
    make(row, "span", { className: "vtk-row-name", text: names.lengths[length] });
    stack(make(row, "span", { className: "vtk-row-track" }), counts, Math.max(1, many), "width");
    make(row, "span", { className: "vtk-row-count", text: `n = ${manyText(many)}` });
  });
  make(durations, "div", { className: "vtk-axis-name", text: "length of the true moment" });
}

/** The tallest column of all models, so that their charts can be compared. */
export function mostInTenth(data, current, by) {
  return Math.max(1, ...data.models.map((model, k) => {
    const asked = chartQuestions(data, data.models[current], by, "tenth", k === current);
    return Math.max(...counted(model, asked, (q) => tenthOf(model, q), TENTHS, 1 + Math.max(0, ...model.ends)).map(sum));
  }));
}
