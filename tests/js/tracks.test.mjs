import assert from "node:assert/strict";
import test from "node:test";
import * as tracks from "../../widgets/vtk_widgets/parts/_tracks.js";
import { momentText, timeText } from "../../widgets/vtk_widgets/moment_timeline.js";

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
  assert.equal(timeText(1.5, [0, 1, 2], [span(1, 2)], [span(0, 9)]),
    "1.50 s · frame 2 of 3 · in prediction 1 · in true moment 1");
  assert.equal(timeText(0, [], [], []), "No frames.");
});
