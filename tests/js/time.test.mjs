import assert from "node:assert/strict";
import test from "node:test";
import * as time from "../../widgets/vtk_widgets/parts/page/_time.js";

const UNEVEN = [0, 0.04, 0.5, 0.51, 3]; // variable frame rate: times are never index / rate

test("the frame on screen is the last one whose time has come", () => {
  const shown = [-1, 0, 0.03, 0.04, 0.499, 0.5, 0.505, 2.99, 3, 99];
  assert.deepEqual(shown.map((s) => time.frameAt(UNEVEN, s)), [0, 0, 0, 1, 1, 2, 2, 3, 4, 4]);
});

test("a time that lost its last digits on the way still shows its own frame", () => {
  UNEVEN.forEach((s, i) => assert.equal(time.frameAt(UNEVEN, s - 1e-9), i));
});

test("a film that starts late shows its first frame before it starts", () => {
  assert.equal(time.frameAt([2, 3], 0), 0);
});

test("stepping moves by frames, however long they stand, and stays inside", () => {
  assert.equal(time.steppedTime(UNEVEN, 0.1, 1), 0.5);
  assert.equal(time.steppedTime(UNEVEN, 0.1, -1), 0);
  assert.equal(time.steppedTime(UNEVEN, 0, -1), 0);
  assert.equal(time.steppedTime(UNEVEN, 2.9, 1), 3);
  assert.equal(time.steppedTime(UNEVEN, 3, 1), 3);
});

test("the neighbour of a time is strictly before or after it, or itself at the end", () => {
  assert.equal(time.neighbourTime([1, 2, 4], 2, 1), 4);
  assert.equal(time.neighbourTime([1, 2, 4], 2, -1), 1);
  assert.equal(time.neighbourTime([1, 2, 4], 0, 1), 1);
  assert.equal(time.neighbourTime([1, 2, 4], 9, -1), 4);
  assert.equal(time.neighbourTime([1, 2, 4], 4, 1), 4);
  assert.equal(time.neighbourTime([], 4, 1), 4);
});

test("ticks are round, start at 0, end inside and are not more than asked for", () => {
  for (const end of [0.3, 1, 9.96, 10, 59, 150, 3600, 7261]) {
    for (const most of [2, 5, 8, 16]) {
      const { stepS, atS } = time.ticks(end, most);
      assert.ok(atS.length <= most + 1, `${end} ${most}`);
      assert.equal(atS[0], 0);
      assert.ok(atS.at(-1) <= end * (1 + 1e-6));
      assert.ok([1, 2, 5].includes(Number(stepS.toExponential()[0])), `${stepS}`);
      assert.ok(end - atS.at(-1) < stepS * (1 + 1e-6));
    }
  }
});

test("tick numbers have the digits that their step needs", () => {
  assert.equal(time.tickText(2, 2), "2");
  assert.equal(time.tickText(0.5, 0.5), "0.5");
  assert.equal(time.tickText(0.05, 0.05), "0.05");
  assert.equal(time.tickText(120, 20), "120");
});

test("a place on the axis is a part of it, and never outside", () => {
  assert.deepEqual([-1, 0, 2, 4, 9].map((s) => time.fraction(s, 4)), [0, 0, 0.5, 1, 1]);
  assert.equal(time.fraction(0, 0), 0);
});

test("zooming keeps the time under the pointer where it is, and stays in the film", () => {
  assert.deepEqual(time.zoomedView([0, 8], 2, 4, 8), [2, 6]);
  assert.deepEqual(time.zoomedView([0, 8], 2, 0, 8), [0, 4]);
  assert.deepEqual(time.zoomedView([2, 6], 0.1, 4, 8), [0, 8]);
  assert.deepEqual(time.movedView([2, 6], 9, 8), [4, 8]);
  assert.deepEqual(time.movedView([2, 6], -9, 8), [0, 4]);
});

test("a view follows a time that leaves it", () => {
  const view = [2, 4];
  assert.equal(time.viewWith(view, 3, 20), view);
  const [from, to] = time.viewWith(view, 4.5, 20);
  assert.ok(from < 4.5 && to > 4.5 && Math.abs(to - from - 2) < 1e-9);
});

test("the nearest frame's start is found, and the film's end", () => {
  assert.deepEqual([0.4, 0.6, 2.4, 2.8, -1].map((t) => time.snapped([0, 1, 2], t, 3)), [0, 1, 2, 3, 0]);
  assert.equal(time.snapped([], 1.234, 3), 1.234);
});

test("ticks of a part of the axis are the same round numbers", () => {
  assert.deepEqual(time.ticks(7, 5, 3).atS, [3, 4, 5, 6, 7]);
});
