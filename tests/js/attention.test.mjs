import assert from "node:assert/strict";
import test from "node:test";
import * as attention from "../../widgets/vtk_widgets/parts/attention/_attention.js";
import * as heads from "../../widgets/vtk_widgets/parts/attention/_heads.js";
import { asker, askedKey, Recent } from "../../widgets/vtk_widgets/parts/attention/_ask.js";
import { heatPixels, warmth } from "../../widgets/vtk_widgets/parts/attention/_reel.js";
import { movedSpan, spanOfPixel, zoomedSpan } from "../../widgets/vtk_widgets/parts/attention/_mappane.js";
import { walkedWord } from "../../widgets/vtk_widgets/parts/attention/_wordstrip.js";

const GRID = [3, 1, 2];
const LOOK = {
  how: "mean", layer: 3, head: 2,
  rows: Int32Array.from([7, 9]),
  cells: Float32Array.from([0.1, 0, 0.25, 0.15, 0.2, 0, 0, 0, 0, 0.5, 0, 0]),
  onWords: Float32Array.from([0.3, 0, 0.25, 0.25]),
  onFilm: Float32Array.from([0.7, 0.5]),
  onSinks: Float32Array.from([0.2, 0]),
  sinkCell: Uint8Array.from([0, 0, 0, 0, 1, 0]),
};

test("sixteen bits are the numbers that they stand for", () => {
  const known = { 0: 0, 0x3c00: 1, 0x3800: 0.5, 0xc000: -2, 0x0001: 2 ** -24, 0x7bff: 65504, 0x7c00: Infinity };
  for (const [bits, value] of Object.entries(known)) assert.equal(attention.halfValue(Number(bits)), value);
  const bytes = new Uint8Array([9, 0x00, 0x3c, 0x00, 0x38]).buffer;
  assert.deepEqual([...attention.halves(new DataView(bytes, 1))], [1, 0.5]); // an odd offset too
});

test("a row is what one word sees, a column is who sees one cell", () => {
  assert.deepEqual([...attention.lookRow(LOOK, 9)], [0, 0, 0, 0.5, 0, 0]);
  assert.deepEqual([...attention.lookRow(LOOK, 7, "onWords")], [...LOOK.onWords.subarray(0, 2)]);
  assert.equal(attention.lookRow(LOOK, 8), null);
  assert.deepEqual([...attention.cellColumn(LOOK, 3)], [LOOK.cells[3], 0.5]);
});

test("sinks count for the colour scale or not, and are there in both cases", () => {
  const cells = Float32Array.from([0.1, 0.9]);
  assert.equal(attention.brightest(cells, [0, 1], true), cells[1]);
  assert.equal(attention.brightest(cells, [0, 1], false), cells[0]);
  const pixels = heatPixels(cells, cells[0]);
  assert.deepEqual([...pixels.subarray(4, 8)], warmth(1)); // as bright as can be, not gone
  assert.equal(attention.brightest(Float32Array.from([0, 0.9]), [0, 1], false), Math.fround(0.9));
});

test("a peak is the run of frames around the highest that have half of it", () => {
  const { first, last, part } = attention.peakOf(Float32Array.from([0.1, 0.4, 0.8, 0.5, 0.1, 0.7]));
  assert.deepEqual([first, last], [1, 3]);
  assert.ok(Math.abs(part - 1.7) < 1e-6);
  assert.equal(attention.peakOf(new Float32Array(3)), null);
});

test("people are told in a sentence what a word looks at", () => {
  assert.equal(attention.lookText("red", LOOK, 7, GRID),
    "word “red” in layer 3 head 2 looks 60 % at frames 2–3 · film 70 % · sinks 20 %");
  assert.match(attention.lookText("red", { ...LOOK, how: "max", layer: -1, head: -1 }, 7, GRID),
    /maximum of all layers and heads looks 86 % at frames 2–3 · parts are of what it has on the film/);
  assert.match(attention.lookText("red", LOOK, 8, GRID), /no row here yet/);
});

test("small parts keep their digits", () => {
  const told = [0, 0.0004, 0.004, 0.043, 0.43, 1].map(attention.partText);
  assert.deepEqual(told, ["0 %", "0.04 %", "0.4 %", "4.3 %", "43 %", "100 %"]);
});

test("parts of a frame add up", () => {
  assert.deepEqual([...attention.overFrames(Float32Array.from([1, 2, 3, 4, 5, 6]), GRID)], [3, 7, 11]);
});

test("every head has its box, and a point in it leads back to it", () => {
  for (const [width, layers, count] of [[340, 4, 5], [340, 24, 16], [220, 48, 32]]) {
    const place = heads.headsLayout(width, layers, count);
    for (const [layer, head] of [[0, 0], [layers - 1, count - 1], [layers >> 1, count >> 1]]) {
      const { x, y, w, h } = heads.headBox(place, layer, head);
      assert.deepEqual(heads.headAt(place, x + w / 2, y + h / 2), [layer, head]);
      assert.ok(x + w <= width + 1e-6 && y + h <= place.height + 1e-6);
    }
    assert.equal(heads.headAt(place, 2, 2), null);
  }
});

test("bars of a head are its own", () => {
  const atlas = Uint8Array.from({ length: 2 * 3 * 2 * 4 }, (_, i) => i);
  assert.deepEqual([...heads.headBars(atlas, [2, 3, 2, 4], 1, 2, 1)], [44, 45, 46, 47]);
});

test("the tallest bar is that of one word, or of all", () => {
  const atlas = Uint8Array.from([1, 2, 9, 3, 4, 5, 7, 6]); // 2 heads, 2 words, 2 runs
  assert.deepEqual([0, 1, -1].map((row) => heads.mostOf(atlas, 2, 2, row)), [5, 9, 9]);
});

test("arrows stay among the heads and among the words that are shown", () => {
  assert.deepEqual(heads.walkedHead([0, 0], "ArrowUp", 4, 5), [0, 0]);
  assert.deepEqual(heads.walkedHead([0, 4], "ArrowRight", 4, 5), [0, 4]);
  assert.deepEqual(heads.walkedHead([1, 2], "ArrowDown", 4, 5), [2, 2]);
  assert.deepEqual(heads.walkedHead([-1, -1], "ArrowDown", 4, 5), [3, 0]);
  assert.equal(heads.walkedHead([0, 0], "a", 4, 5), null);
  assert.equal(walkedWord(3, "ArrowLeft", 3, 6), 3);
  assert.equal(walkedWord(3, "End", 3, 6), 5);
  assert.equal(walkedWord(3, "x", 3, 6), -1);
});

test("a window of a map zooms around the pointer and stays inside", () => {
  assert.deepEqual(zoomedSpan([0, 100], 0.5, 0.5, 100), [25, 75]);
  assert.deepEqual(zoomedSpan([0, 100], 0, 0.5, 100), [0, 50]);
  assert.deepEqual(zoomedSpan([50, 100], 1, 4, 100), [0, 100]);
  assert.deepEqual(zoomedSpan([40, 60], 0.5, 0.1, 100), [42, 58]); // never less than 16
  assert.deepEqual(zoomedSpan([0, 9], 0.5, 0.5, 9), [0, 9]);
  assert.deepEqual(movedSpan([25, 75], 1, 100), [50, 100]);
});

test("a pixel of a map stands for the positions that fell into it", () => {
  const [from, to, pixels] = [7, 50, 9];
  for (let p = from; p < to; p++) {
    const i = Math.floor(((p - from) * pixels) / (to - from));
    const [first, last] = spanOfPixel([from, to], pixels, i);
    assert.ok(first <= p && p <= last, `${p} in ${first} to ${last}`);
  }
  assert.deepEqual(spanOfPixel([3, 6], 3, 1), [4, 4]);
});

test("the oldest is let go when there are too many bytes", () => {
  const recent = new Recent(10);
  recent.set("a", 1, 4);
  recent.set("b", 2, 4);
  assert.equal(recent.get("a"), 1); // now the newest
  recent.set("c", 3, 4);
  assert.deepEqual(["a", "b", "c"].map((key) => recent.get(key)), [1, undefined, 3]);
  recent.set("d", 4, 99);
  assert.equal(recent.get("d"), 4);
});

function kernel() {
  const bus = {};
  const state = { live: true, busy: false, message: "" };
  const sent = [];
  const model = {
    get: (name) => state[name],
    on: (event, fn) => { bus[event] = fn; },
    off: () => {},
    send: (content) => sent.push(content),
  };
  return { model, state, sent, say: (event, ...args) => bus[event](...args) };
}

function asking() {
  const it = kernel();
  const heard = [];
  const asks = asker(it.model, new AbortController().signal,
    (content) => ({ value: content.value, bytes: 1 }), (request, value) => heard.push(value));
  const view = (head) => asks.ask({ kind: "view", how: "mean", layer: 0, head });
  const answer = (i, value) => it.say("msg:custom", { id: it.sent[i].id, value }, []);
  return { ...it, heard, view, answer };
}

test("of a quick series the first and the last are asked, and only the last is heard", () => {
  const { sent, heard, view, answer } = asking();
  [0, 1, 2, 3].forEach(view);
  assert.deepEqual(sent.map((m) => m.head), [0]);
  answer(0, "old");
  assert.deepEqual(sent.map((m) => m.head), [0, 3]);
  answer(1, "new");
  assert.deepEqual(heard, ["new"]);
  view(0); // remembered, though nobody saw it
  assert.deepEqual(heard, ["new", "old"]);
  assert.equal(sent.length, 2);
});

test("an answer to nobody's question, or an error, changes nothing and stops nothing", () => {
  const { sent, heard, view, say } = asking();
  view(0);
  say("msg:custom", { id: 99, value: "of another view" }, []);
  view(1);
  say("msg:custom", { id: sent[0].id, error: "it failed" }, []);
  assert.deepEqual(sent.map((m) => m.head), [0, 1]);
  assert.deepEqual(heard, []);
});

test("work that was stopped does not hold up the next question", () => {
  const { sent, view, say, state } = asking();
  view(0);
  view(1);
  state.message = "Stopped.";
  say("change:busy");
  assert.deepEqual(sent.map((m) => m.head), [0, 1]);
});

test("what is of all layers has one name whichever head is chosen", () => {
  const rollout = { kind: "view", how: "rollout" };
  assert.equal(askedKey({ ...rollout, layer: 2, head: 1 }), askedKey({ ...rollout, layer: -1, head: -1 }));
  const mean = { kind: "view", how: "mean", head: 1 };
  assert.notEqual(askedKey({ ...mean, layer: 2 }), askedKey({ ...mean, layer: 3 }));
});
