import assert from "node:assert/strict";
import test from "node:test";
import * as edits from "../../widgets/vtk_widgets/parts/timeline/_edits.js";
import * as files from "../../widgets/vtk_widgets/parts/timeline/_annotation_files.js";

const span = (startS, endS, text = "") => ({ start_s: startS, end_s: endS, score: 1, text });
const ends = ({ start_s: startS, end_s: endS }) => [startS, endS];
const TIMES = [0, 1, 2, 3];
const END = 4;

test("every step can be taken back and taken again", () => {
  let steps = edits.history([]);
  for (const next of [["a"], ["a", "b"], ["b"]]) steps = edits.done(steps, next);
  const back = edits.undone(edits.undone(steps));
  assert.deepEqual(back.present, ["a"]);
  assert.deepEqual(edits.redone(back).present, ["a", "b"]);
  assert.deepEqual(edits.redone(edits.redone(edits.redone(back))).present, ["b"]);
  const start = edits.undone(edits.undone(edits.undone(edits.undone(back))));
  assert.deepEqual(start.present, []);
});

test("a new step forgets what was undone, a step that changes nothing is none", () => {
  const steps = edits.done(edits.done(edits.history([1]), [2]), [3]);
  const other = edits.done(edits.undone(steps), [9]);
  assert.deepEqual(other.future, []);
  assert.deepEqual(edits.undone(other).present, [2]);
  assert.equal(edits.done(steps, [3]).past.length, 2);
});

test("edges stay in the film and never cross", () => {
  assert.deepEqual(ends(edits.reshaped(span(1, 2), "start", -5, END)), [0, 2]);
  assert.deepEqual(ends(edits.reshaped(span(1, 2), "start", 5, END)), [2 - edits.LEAST_S, 2]);
  assert.deepEqual(ends(edits.reshaped(span(1, 2), "end", 9, END)), [1, 4]);
  assert.deepEqual(ends(edits.reshaped(span(1, 2), "end", -9, END)), [1, 1 + edits.LEAST_S]);
});

test("a whole span keeps its length at both ends of the film", () => {
  assert.deepEqual(ends(edits.reshaped(span(1, 2), "all", -5, END)), [0, 1]);
  assert.deepEqual(ends(edits.reshaped(span(1, 2), "all", 5, END)), [3, 4]);
});

test("what is dragged lands on frames, or on the film's end", () => {
  assert.deepEqual(ends(edits.dragged(span(1, 2), "end", 0.9, TIMES, END)), [1, 3]);
  assert.deepEqual(ends(edits.dragged(span(1, 2), "end", 1.8, TIMES, END)), [1, 4]);
  assert.deepEqual(ends(edits.dragged(span(1, 2.5), "all", 0.6, TIMES, END)), [2, 3.5]);
  assert.deepEqual(ends(edits.dragged(span(1, 2), "start", 0.25, [], END)), [1.25, 2]);
});

test("a key moves an edge by one frame, past the last one to the film's end and back", () => {
  assert.deepEqual(ends(edits.nudged(span(1, 2), "end", 1, TIMES, END)), [1, 3]);
  assert.deepEqual(ends(edits.nudged(span(1, 3), "end", 1, TIMES, END)), [1, 4]);
  assert.deepEqual(ends(edits.nudged(span(1, 4), "end", -1, TIMES, END)), [1, 3]);
  assert.deepEqual(ends(edits.nudged(span(1, 2), "start", -1, TIMES, END)), [0, 2]);
  assert.deepEqual(ends(edits.nudged(span(1, 2), "all", 1, TIMES, END)), [2, 3]);
  assert.deepEqual(ends(edits.nudged(span(1, 2), "end", 1, [], END)), [1, 2.1]);
});

test("shift moves the end, alt the start, both the whole; plain arrows and ctrl are not taken", () => {
  const key = (more) => edits.keyedEdge({ key: "ArrowLeft", ...more });
  assert.deepEqual(key({ shiftKey: true }), { part: "end", by: -1 });
  assert.deepEqual(key({ altKey: true }), { part: "start", by: -1 });
  assert.deepEqual(key({ altKey: true, shiftKey: true }), { part: "all", by: -1 });
  assert.equal(key({}), null);
  assert.equal(key({ shiftKey: true, ctrlKey: true }), null);
});

test("a new span starts at a frame, is a tenth of the view long, and lies in the film", () => {
  assert.deepEqual(ends(edits.spanAt(1.2, [0, 20], TIMES, END)), [1, 3]);
  const [from, to] = ends(edits.spanAt(4, [0, 4], TIMES, END));
  assert.ok(from < to && to <= END);
});

const MINE = [span(2, 3.5, "lands"), span(0.5, 1), span(3, 4)];
const ABOUT = { film: "my film", question: "when?", durationS: 4 };

test("QVHighlights has a line for each text, with its windows in order", () => {
  const lines = files.qvhighlights(MINE, ABOUT).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines, [
    { qid: 0, query: "when?", duration: 4, vid: "my film", relevant_windows: [[0.5, 1], [3, 4]] },
    { qid: 1, query: "lands", duration: 4, vid: "my film", relevant_windows: [[2, 3.5]] },
  ]);
});

test("Charades-STA has a line for each span, and no blank in the film's name", () => {
  assert.equal(files.charadesSta([span(1, 2, "a\nb"), span(0.25, 1)], ABOUT),
    "my_film 0.25 1.0##when?\nmy_film 1.0 2.0##a b\n");
});
