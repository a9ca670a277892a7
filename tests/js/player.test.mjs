import assert from "node:assert/strict";
import test from "node:test";
import { keyedTime, keyedView, seenAt } from "../../widgets/vtk_widgets/frame_player.js";
import * as frames from "../../widgets/vtk_widgets/parts/film/_frames.js";
import * as zoom from "../../widgets/vtk_widgets/parts/film/_zoom.js";
import { apart, placeOf } from "../../widgets/vtk_widgets/parts/film/_sound.js";
import { steppedTime } from "../../widgets/vtk_widgets/parts/page/_time.js";
import { selectionText } from "../../widgets/vtk_widgets/selection.js";
import { clockAfter, loneSelection, playedSpan } from "../../widgets/vtk_widgets/parts/page/_link.js";

test("each frame is decoded once, and the longest unused one is forgotten and freed", async () => {
  const [decodedOnes, freed] = [[], []];
  const cache = frames.frameCache(async (i) => {
    decodedOnes.push(i);
    return { close: () => freed.push(i) };
  }, 3);
  for (const i of [0, 1, 0, 2, 3]) cache.get(i);
  assert.equal(cache.size(), 3);
  cache.get(0);
  assert.deepEqual(decodedOnes, [0, 1, 2, 3]); // 1 was forgotten, 0 was not
  cache.get(1);
  assert.deepEqual(decodedOnes, [0, 1, 2, 3, 1]);
  cache.close();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(freed.toSorted(), [0, 1, 1, 2, 3]);
  assert.equal(cache.size(), 0);
});

test("large pictures are kept in smaller number", () => {
  assert.equal(frames.mostDecoded(320, 180), 96);
  assert.equal(frames.mostDecoded(1920, 1080), 16);
});

test("a frame was seen when a time of the model's falls on it", () => {
  assert.equal(seenAt([0.7], 0.5, 1), 0.7);
  assert.equal(seenAt([0.7], 1, 1.5), undefined);
  assert.equal(seenAt([1], 0.5, 1), undefined);
});

const bytes = (n) => ({ byteLength: n });

test("a frame of a film stands from its time until the next one that is known", () => {
  const store = frames.frameStore();
  store.put([2], [bytes(1)], 2.3, 2); // asked for 2.3, and the frame of 2 was on screen
  assert.equal(store.get(2.1).timeS, 2);
  assert.equal(store.get(2.5), null);
  store.put([2, 2.4, 2.8], [bytes(1), bytes(1), bytes(1)], 4, 2);
  assert.deepEqual([2.39, 2.4, 3.9].map((t) => store.get(t).timeS), [2, 2.4, 2.8]);
  assert.equal(store.get(1.9), null);
  assert.equal(store.size(), 3);
});

test("stretches are known when no moment of them is missing", () => {
  const store = frames.frameStore();
  store.put([0, 1], [bytes(1), bytes(1)], 2, 0);
  store.put([4, 5], [bytes(1), bytes(1)], 6, 0);
  assert.deepEqual([[0, 2], [4, 6], [0, 6], [1.5, 3]].map((s) => store.covers(...s)), [true, true, false, false]);
  store.put([2, 3], [bytes(1), bytes(1)], 4, 0);
  assert.equal(store.covers(0, 6), true);
});

test("of a long film those frames go that are far from the place on view", () => {
  const store = frames.frameStore(250);
  store.put([0], [bytes(100)], 1, 0);
  store.put([50], [bytes(100)], 51, 50);
  store.put([52], [bytes(100)], 53, 50);
  assert.equal(store.get(0.5), null);
  assert.equal(store.get(50.5).timeS, 50);
  assert.equal(store.bytes(), 200);
});

test("while it plays the next stretch is asked for too, at the end there is none", () => {
  assert.deepEqual(frames.stretchesAround(5, 60, false), [[4, 6]]);
  assert.deepEqual(frames.stretchesAround(5, 60, true), [[4, 6], [6, 8]]);
  assert.deepEqual(frames.stretchesAround(5.5, 5.7, true), [[4, 5.7]]);
});

function askedFilm() {
  const sent = [];
  const film = frames.farFrames({
    send: (wish) => sent.push(wish), endS: 60, periodS: 0.1, width: 16, height: 9,
    changed() {}, trouble() {},
  });
  return { sent, film };
}

test("scrubbing has one wish on its way, and then only the last of the others", () => {
  const { sent, film } = askedFilm();
  for (const timeS of [10, 11, 12, 13]) film.want(null, timeS, false);
  assert.deepEqual(sent, [{ kind: "frame", time_s: 10 }]);
  film.hear({ kind: "frames", from_s: 10, to_s: 10, times_s: [10] }, [bytes(1)]);
  assert.deepEqual(sent[1], { kind: "frame", time_s: 13 });
  film.hear({ kind: "frames", from_s: 13, to_s: 13, times_s: [13] }, [bytes(1)]);
  assert.equal(sent.length, 2);
  film.close();
});

test("what is not here yet is stood in for by the nearest coarse picture", () => {
  const { film } = askedFilm();
  assert.equal(film.at(31), null);
  film.hear({ kind: "strip", times_s: [30, 0] }, [bytes(1), bytes(1)]);
  assert.deepEqual([film.at(31).timeS, film.at(31).exact], [30, false]);
  film.hear({ kind: "frames", from_s: 31, to_s: 31, times_s: [31] }, [bytes(1)]);
  assert.deepEqual([film.at(31).timeS, film.at(31).exact], [31, true]);
  film.close();
});

test("an answer that comes late never stands in for another time", () => {
  const { film } = askedFilm();
  film.want(null, 10, false);
  film.want(null, 40, false);
  film.hear({ kind: "frames", from_s: 10, to_s: 10, times_s: [10] }, [bytes(1)]);
  assert.equal(film.at(40), null);
  film.close();
});

test("a film is stepped through by its own frames where they are known", () => {
  const { film } = askedFilm();
  film.hear({ kind: "frames", from_s: 2, to_s: 3, times_s: [2, 2.5, 2.6] }, [bytes(1), bytes(1), bytes(1)]);
  assert.equal(film.step(2.2, 1), 2.5);
  assert.equal(film.step(2.55, -1), 2);
  assert.equal(film.step(50, 1), 50.1);
  assert.equal(film.step(60, 1), 60);
  film.close();
});

const BOX = [400, 300];
const PICTURE = [200, 100];

test("a picture fits its box, in the middle", () => {
  const view = zoom.fitted(BOX, PICTURE);
  assert.deepEqual(view, { scale: 2, x: 0, y: -25 });
  assert.ok(zoom.isFitted(view, BOX, PICTURE));
});

test("zooming keeps the pixel under the pointer, and never leaves the picture", () => {
  const point = [100, 150];
  const near = zoom.zoomedAbout(zoom.fitted(BOX, PICTURE), 4, point, BOX, PICTURE);
  assert.equal(near.x + point[0] / near.scale, 50);
  assert.equal(near.y + point[1] / near.scale, 50);
  const far = zoom.zoomedAbout(near, 1e-9, point, BOX, PICTURE);
  assert.equal(far.scale, 1); // pixel by pixel is smaller than the fit here
  const aside = zoom.panned(near, [9999, -9999], BOX, PICTURE);
  assert.deepEqual([aside.x, aside.y + BOX[1] / aside.scale], [0, 100]);
});

test("keys zoom and pan, and leave arrows alone without alt", () => {
  assert.ok(keyedView({ key: "+" }).zoom > 1);
  assert.deepEqual(keyedView({ key: "0" }), { to: "fit" });
  assert.ok(keyedView({ key: "ArrowLeft", altKey: true }).pan[0] > 0);
  assert.equal(keyedView({ key: "ArrowLeft" }), null);
  assert.equal(keyedView({ key: "+", ctrlKey: true }), null); // the browser's own zoom
});

test("a time lies in one piece of sound, and sound that drifted is noticed", () => {
  assert.deepEqual(placeOf(45, 20), { number: 2, offsetS: 5 });
  assert.deepEqual(placeOf(20, 20), { number: 1, offsetS: 0 });
  assert.ok(Math.abs(apart({ startedAt: 10, offsetS: 3, rate: 2 }, 11, 5.5) - 0.5) < 1e-9);
});

const TIMES = [0, 1, 2, 3];
const SEEN = [0, 3];
const FILM = { step: (timeS, by) => steppedTime(TIMES, timeS, by), firstS: 0, lastS: 3 };
const pressed = (key, more = {}) => keyedTime({ key, ...more }, FILM, SEEN, 1);

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
