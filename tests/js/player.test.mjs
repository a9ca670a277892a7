import assert from "node:assert/strict";
import test from "node:test";
import { frameCache, keyedTime, wasSeen } from "../../widgets/vtk_widgets/frame_player.js";
import { selectionText } from "../../widgets/vtk_widgets/selection.js";
import { clockAfter, loneSelection, playedSpan } from "../../widgets/vtk_widgets/parts/_link.js";

test("each frame is decoded once, and the longest unused one is forgotten", () => {
  const decodedOnes = [];
  const cache = frameCache(9, (i) => decodedOnes.push(i), 3);
  for (const i of [0, 1, 0, 2, 3]) cache.get(i);
  assert.equal(cache.size(), 3);
  cache.get(0);
  assert.deepEqual(decodedOnes, [0, 1, 2, 3]); // 1 was forgotten, 0 was not
  cache.get(1);
  assert.deepEqual(decodedOnes, [0, 1, 2, 3, 1]);
});

test("frames ahead stop at the film's end", () => {
  const decodedOnes = [];
  frameCache(4, (i) => decodedOnes.push(i)).ahead(1, 12);
  assert.deepEqual(decodedOnes, [2, 3]);
});

test("a frame was seen when a time of the model's falls on it", () => {
  assert.equal(wasSeen([0.7], [0, 0.5, 1], 1), true);
  assert.equal(wasSeen([0.7], [0, 0.5, 1], 2), false);
});

const TIMES = [0, 1, 2, 3];
const SEEN = [0, 3];
const pressed = (key, more = {}) => keyedTime({ key, ...more }, TIMES, SEEN, 1);

test("arrows step frames, shift goes to frames the model saw, Home and End jump", () => {
  assert.deepEqual(["ArrowLeft", "ArrowRight", "Home", "End"].map((k) => pressed(k)), [0, 2, 0, 3]);
  assert.equal(pressed("ArrowRight", { shiftKey: true }), 3);
  assert.equal(pressed("ArrowLeft", { shiftKey: true }), 0);
});

test("keys that belong to the notebook or the browser are left alone", () => {
  assert.equal(pressed("ArrowRight", { ctrlKey: true }), null);
  assert.equal(pressed("x"), null);
});

test("a selection is one line of text", () => {
  const state = { time_s: 2.5, cell: [-1, -1, -1], token: -1, moment: [], window: [], layer: -1, head: -1, word: -1 };
  assert.equal(selectionText((name) => state[name]), "2.50 s");
  Object.assign(state, { cell: [1, 2, 3], token: 7, moment: [1, 2] });
  assert.equal(selectionText((name) => state[name]),
    "2.50 s · cell (1, 2, 3) · token 7 · moment 1.00–2.00 s");
  Object.assign(state, { window: [1, 4], layer: 0, head: 3 });
  assert.match(selectionText((name) => state[name]), / · window 1.00–4.00 s · layer 0 · head 3$/);
});

test("a widget that stands alone still hears its own changes, and only changes", () => {
  const selection = loneSelection();
  let heard = 0;
  const count = () => { heard += 1; };
  selection.on("change:cell", count);
  selection.set("cell", [0, 1, 2]);
  selection.set("cell", [0, 1, 2]);
  assert.equal(heard, 1);
  selection.off("change:cell", count);
  selection.set("cell", [0, 0, 0]);
  assert.equal(heard, 1);
});

test("the clock goes round in a window, and stops at the end of a film", () => {
  const whole = playedSpan([], 6);
  assert.deepEqual(clockAfter(1, 0.5, whole), { timeS: 1.5, over: false });
  assert.deepEqual(clockAfter(5.9, 0.5, whole), { timeS: 6, over: true });
  const part = playedSpan([2, 4], 6);
  assert.deepEqual(clockAfter(3.9, 0.5, part), { timeS: 2, over: false });
  assert.deepEqual(playedSpan([5, 9], 6), { fromS: 5, toS: 6, loops: true });
  assert.equal(playedSpan([7, 9], 6).loops, false); // a window of a longer film
});
