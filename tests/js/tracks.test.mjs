import assert from "node:assert/strict";
import test from "node:test";
import * as tracks from "../../widgets/vtk_widgets/parts/timeline/_tracks.js";
import { gripOf, kindOf, momentText, timeText } from "../../widgets/vtk_widgets/parts/timeline/_rows.js";
import { windowOf } from "../../widgets/vtk_widgets/moment_timeline.js";

const span = (startS, endS, score = 1, text = "") => ({ start_s: startS, end_s: endS, score, text });

test("moments that overlap get lanes of their own, moments that touch share one", () => {
  assert.deepEqual(tracks.lanes([span(0, 2), span(1, 3), span(2, 4), span(3, 5)]), [0, 1, 0, 1]);
  assert.deepEqual(tracks.lanes([span(2, 4), span(0, 2)]), [0, 0]);
});

test("where lanes run out, the best moments have theirs", () => {
  assert.deepEqual(tracks.lanes([span(0, 9), span(0, 9), span(0, 9)], 2), [0, 1, -1]);
});

test("the surest moment is full, the least sure one still visible", () => {
  assert.deepEqual(tracks.opacities([span(0, 1, 3), span(0, 1, 1), span(0, 1, 2)]), [1, 0.25, 0.625]);
  assert.deepEqual(tracks.opacities([span(0, 1, 7), span(0, 1, 7)]), [1, 1]);
  assert.deepEqual(tracks.opacities([]), []);
});

test("the curve is one of steps, and breaks where no token is left", () => {
  assert.deepEqual(tracks.strokes([0, 1, 2, 3], [5, NaN, 3, 4], 4), [
    [[0, 1], [0.25, 1]],
    [[0.5, 0], [0.75, 0], [0.75, 0.5], [1, 0.5]],
  ]);
});

test("a curve without numbers has no strokes, a level one lies in the middle", () => {
  assert.deepEqual(tracks.strokes([0, 1], [NaN, NaN], 2), []);
  assert.deepEqual(tracks.strokes([0], [3], 1), [[[0, 0.5], [1, 0.5]]]);
  assert.equal(tracks.valueRange([NaN]), null);
  assert.deepEqual(tracks.valueRange([NaN, 2, -1]), [-1, 2]);
});

test("a moment covers its start but not its end", () => {
  const moments = [span(1, 2), span(0, 3)];
  assert.deepEqual([0, 1, 1.99, 2, 3].map((s) => tracks.momentAt(moments, s)), [1, 0, 0, 1, -1]);
});

test("moments and times are told in words", () => {
  assert.equal(momentText("prediction", 0, span(1, 2.5, 0.123, "a dog")),
    "prediction 1: 1.00–2.50 s, score 0.12, a dog");
  assert.equal(momentText("truth", 1, span(1, 2)), "truth 2: 1.00–2.00 s");
  const rows = [
    { role: "truth", name: "truth", moments: [span(0, 9)] },
    { role: "prediction", name: "A", moments: [span(1, 2)] },
    { role: "speech", name: "speech", moments: [span(1, 2, 1, "hello")] },
    { role: "other", name: "saliency" },
  ];
  assert.equal(timeText(1.5, [0, 1, 2], rows),
    "1.50 s · frame 2 of 3 · in prediction 1 · in true moment 1 · speech: hello");
  assert.equal(timeText(5, [], rows, 9), "5.00 s · in true moment 1");
  assert.equal(timeText(0, [], []), "No frames.");
});

test("of several models each prediction says whose it is", () => {
  assert.equal(kindOf({ role: "prediction", name: "A" }), "prediction");
  assert.equal(kindOf({ role: "prediction", name: "A" }, 2), "A prediction");
  assert.equal(kindOf({ role: "speech", name: "speech" }, 2), "speech");
});

test("a text of ten thousand letters is cut, between whole characters", () => {
  assert.equal(tracks.shortened("short"), "short");
  assert.equal([...tracks.shortened("😀".repeat(10_000))].length, 161);
  assert.ok(momentText("truth", 0, span(0, 1, 1, "x".repeat(10_000))).length < 220);
});

test("of very many moments the first ones in view have bars, the rest are counted", () => {
  const many = Array.from({ length: 1000 }, (_, i) => span(i, i + 1));
  const { shown, left } = tracks.within(many, [500, 2000]);
  assert.equal(shown[0], 500);
  assert.deepEqual([shown.length, left], [240, 260]);
  assert.deepEqual([...tracks.crowd([span(0, 1), span(0, 2), span(9, 10)], [0, 4], 4)], [2, 1, 0, 0]);
});

test("a map is read column by column at the times on show, holes are empty", () => {
  const cells = tracks.heatCells([0, 1, 3], [0, 1, 2, NaN, 4, 2], 2, [0, 4], 4);
  assert.deepEqual([...cells], [0, 64, 64, 128, 0, 255, 255, 128]);
});

test("a curve on a part of the axis reaches beyond it on both sides", () => {
  assert.deepEqual(tracks.strokes([0, 1, 2, 3], [1, 1, 1, 1], 4, [1, 3])[0].map(([x]) => x),
    [-0.5, 0, 0, 0.5, 0.5, 1, 1, 1.5]);
});

test("a long film's values have their range without filling the stack", () => {
  assert.deepEqual(tracks.valueRange(new Float32Array(500_000).fill(2)), [2, 2]);
});

test("near its ends a bar is held by them, narrow bars too", () => {
  assert.deepEqual([2, 50, 98].map((x) => gripOf(x, 100)), ["start", "all", "end"]);
  assert.deepEqual([1, 4.5, 8].map((x) => gripOf(x, 9)), ["start", "all", "end"]);
});

test("a window has its ends in order and in the film; a click makes none", () => {
  assert.deepEqual(windowOf(3, 1, 4), [1, 3]);
  assert.deepEqual(windowOf(-2, 9, 4), [0, 4]);
  assert.deepEqual(windowOf(2, 2, 4), []);
});
