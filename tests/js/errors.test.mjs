import assert from "node:assert/strict";
import test from "node:test";
import * as errors from "../../widgets/vtk_widgets/parts/errors/_errors.js";
import { stretchOf } from "../../widgets/vtk_widgets/parts/errors/_error_detail.js";
import { filterTexts } from "../../widgets/vtk_widgets/error_browser.js";

const view = (array) => new DataView(array.buffer);
const ENDS = ["hit", "wrong", "none"];
function made() {
  const rows = [
    [0, 10, 0, 10, 1], [5, 20, 0, 10, 0.25], [NaN, NaN, 30, 31, 0], [0, 6, 0, 10, 0.6],
  ];
  const traits = {
    queries: new TextEncoder().encode(JSON.stringify({
      ids: ["a", "b", "c", "d"], films: ["f10", "f9", "f10", "f9"],
      texts: ["A Dog runs", "=cmd|x", "say \"hi\"", "a cat"],
    })),
    models: ["m", "n"],
    numbers: [view(new Float32Array(rows.flat())), view(new Float32Array(rows.toReversed().flat()))],
    ends: [view(new Uint8Array([0, 1, 2, 0])), view(new Uint8Array([0, 2, 1, 0]))],
    lengths: [view(new Uint8Array([0, 0, 1, 0])), view(new Uint8Array([0, 0, 1, 0]))],
  };
  return errors.errorsOf((name) => traits[name]);
}
const data = made();
const [m] = data.models;
const ALL = { end: -1, length: -1, tenth: -1, search: "" };

test("filters narrow together, and none lets all through", () => {
  const found = (by) => errors.meantQuestions(data, m, { ...ALL, ...by });
  assert.deepEqual(found({}), [0, 1, 2, 3]);
  assert.deepEqual(found({ end: 0 }), [0, 3]);
  assert.deepEqual(found({ end: 0, tenth: 6 }), [3]);
  assert.deepEqual(found({ length: 1, end: 0 }), []);
  assert.deepEqual(found({ search: "f9 CAT" }), [3]);
});

test("an IoU of 1 is in the last tenth, one of exactly 0.6 in the seventh", () => {
  assert.deepEqual([0, 1, 2, 3].map((q) => errors.tenthOf(m, q)), [9, 2, 0, 6]);
  assert.equal(errors.tenthOf({ numbers: new Float32Array([0, 7, 0, 10, 0.7]) }, 0), 7); // a hair less as float32
});

test("a chart shows what its own filter hides, and not what others hide", () => {
  const by = { ...ALL, end: 0, tenth: 6 };
  assert.deepEqual(errors.chartQuestions(data, m, by, "tenth", true), [0, 3]);
  assert.deepEqual(errors.chartQuestions(data, m, by, "tenth", false), [3]);
  assert.deepEqual(errors.counted(m, [0, 1, 3], (q) => m.lengths[q], 2, 3), [[2, 1, 0], [0, 0, 0]]);
});

test("rows sort by any column, numbers as numbers, and what has no value comes last", () => {
  const sorted = (sort) => errors.sortedQuestions(data, m, [0, 1, 2, 3], sort);
  assert.deepEqual(sorted("iou"), [2, 1, 3, 0]);
  assert.deepEqual(sorted("-iou"), [0, 3, 1, 2]);
  assert.deepEqual(sorted("iou:1"), [1, 2, 0, 3]);
  assert.deepEqual(sorted("film"), [1, 3, 0, 2]);
  assert.deepEqual(sorted("answer"), [0, 3, 1, 2]);
  assert.deepEqual(sorted("-answer"), [1, 0, 3, 2]);
  assert.equal(errors.resorted("iou", "iou"), "-iou");
  assert.equal(errors.resorted("-iou", "iou"), "iou");
  assert.equal(errors.resorted("iou", "film"), "film");
});

test("what is on show is told with its numbers", () => {
  assert.equal(errors.errorsText(data, m, [0, 1, 2, 3]), "4 questions: 50.0 % hits, mean IoU 0.463");
  assert.equal(errors.errorsText(data, m, [1]), "1 of 4 questions: 0.0 % hits, mean IoU 0.250");
  assert.equal(errors.errorsText(data, m, []), "0 of 4 questions");
  assert.deepEqual(filterTexts({ end: 1, length: -1, tenth: 3 }, ENDS, ["short"]), ["wrong", "IoU 0.3 to 0.4"]);
});

test("a copied table is quoted, runs nothing in a spreadsheet, and stays one line a row", () => {
  const table = errors.tableOf(data, m, [1, 2], ENDS);
  assert.deepEqual(table[0].slice(0, 6), ["id", "film", "query", "end", "IoU m", "IoU n"]);
  const lines = errors.csvText(table).split("\r\n");
  assert.equal(lines[1], "b,f9,'=cmd|x,wrong,0.2500,0.0000,5.00,20.00,0.00,10.00");
  assert.equal(lines[2], "c,f10,\"say \"\"hi\"\"\",none,0.0000,0.2500,,,30.00,31.00");
  const markdown = errors.markdownText([["h"], ["a|b\n<img>"]]).split("\n");
  assert.deepEqual(markdown, ["| h |", "| --- |", "| a\\|b &lt;img> |"]);
});

test("of a long table only the rows in view are made", () => {
  assert.deepEqual(errors.rowsInView(10_000, 2700, 270, 27, 8), [92, 118]);
  assert.deepEqual(errors.rowsInView(5, 0, 270, 27), [0, 5]);
});

test("a stretch holds the truth and all answers, with room around, from 0 on", () => {
  assert.deepEqual(stretchOf([[10, 20], [12, 30]]), [5, 35]);
  assert.deepEqual(stretchOf([[1, 9]]), [0, 11]);
});
