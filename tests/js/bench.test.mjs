// The ablation bench's pure functions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shortNumber, signedNumber, intervalText } from "../../widgets/vtk_widgets/parts/page/_numbers.js";
import { typedValue, fieldText, slides, slidValue } from "../../widgets/vtk_widgets/parts/recipe/_controls.js";
import { roundTicks, doublings, axisOf, drawable, frontPath, placedNames, countsDoublings } from "../../widgets/vtk_widgets/parts/recipe/_pareto.js";
import { partsIn, withPart, moved, withValue, tookText } from "../../widgets/vtk_widgets/parts/recipe/_recipe_form.js";
import { freeName, renamed, deltaText } from "../../widgets/vtk_widgets/parts/recipe/_trial_table.js";
import { draftFrom } from "../../widgets/vtk_widgets/ablation_bench.js";

const part = (name, params = {}) => ({ name, kind: "compressor", params, on: true });
const draft = { encoders: [part("a")], stages: [part("b"), part("c")], head: part("h"), timecodec: null };

test("numbers have few digits, and a dash where there is none", () => {
  assert.equal(shortNumber(0.123456), "0.123");
  assert.equal(shortNumber(1584), "1,584");
  assert.equal(shortNumber(13462.9), "13,463");
  assert.equal(shortNumber(-0.05), "\u22120.05");
  assert.equal(shortNumber(null), "–");
  assert.equal(shortNumber(0), "0");
  assert.equal(signedNumber(0.5), "+0.5");
  assert.equal(signedNumber(0), "0");
  assert.equal(intervalText({ low: 0.1, high: 0.25 }), "[0.1, 0.25]");
  assert.equal(intervalText({ low: null, high: 1 }), "");
});

test("what was typed becomes what the field wants, and stays as typed where it cannot", () => {
  assert.equal(typedValue({ kind: "number" }, " 0.5 "), 0.5);
  assert.equal(typedValue({ kind: "number" }, "half"), "half");
  assert.equal(typedValue({ kind: "whole" }, ""), "");
  assert.equal(typedValue({ kind: "whole", optional: true }, " "), null);
  assert.deepEqual(typedValue({ kind: "list" }, "1, 2, 2"), [1, 2, 2]);
  assert.deepEqual(typedValue({ kind: "list" }, "[0, 1], [2, 3]"), [[0, 1], [2, 3]]);
  assert.equal(typedValue({ kind: "list" }, "1, x"), "1, x");
  assert.equal(fieldText({ kind: "list" }, [1, 2]), "1, 2");
  assert.equal(fieldText({ kind: "number" }, 0.1 + 0.2), "0.3");
  assert.equal(fieldText({ kind: "text" }, null), "");
});

test("a slider rests at hundredths of its range and never beyond an end", () => {
  assert.ok(slides({ kind: "number", low: 0, high: 1 }));
  assert.ok(!slides({ kind: "number", low: 0, high: null }));
  assert.ok(!slides({ kind: "whole", low: 0, high: 5 }));
  assert.equal(slidValue({ low: 0, high: 1 }, 0.2512), 0.25);
  assert.equal(slidValue({ low: 0, high: 1 }, 3), 1);
});

test("ticks are round, doublings are powers of two", () => {
  assert.deepEqual(roundTicks(0, 1, 4), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(doublings(300, 2100, 9), [512, 1024, 2048]);
  assert.equal(doublings(1, 2 ** 20, 5).length, 5);
  assert.ok(countsDoublings([100, 400]));
  assert.ok(!countsDoublings([0, 400]));
  const { at } = axisOf([100, 1600], 5, { log: true });
  assert.ok(Math.abs(at(400) - 0.5) < 1e-9);
  assert.ok(axisOf([0.1, 0.1], 3).at(0.1) > 0);
});

test("only recipes with both numbers are drawn; the front is steps to the right edge", () => {
  const there = { tokens: { value: 3 }, quality: { value: 0.1 } };
  assert.deepEqual(drawable([there, { tokens: { value: 3 }, quality: { value: null } }], "tokens"), [there]);
  assert.equal(frontPath([{ x: 50, y: 5 }, { x: 10, y: 20 }], 90), "M10.0,20.0H50.0V5.0H90");
  assert.equal(frontPath([], 90), "");
});

test("a name that would lie on another is left out, the important one stays", () => {
  const crowd = [1, 2, 3, 4, 5, 6].map((i) => ({ x: 100 + i, y: 50, text: "a recipe's name" }));
  const placed = placedNames(crowd, 400);
  assert.equal(placed[0].x, 110);
  assert.ok(placed.length < crowd.length);
});

test("parts are added, removed and moved without touching the draft they came from", () => {
  assert.deepEqual(partsIn(draft, "stages").map(([place]) => place), ["stages.0", "stages.1"]);
  assert.deepEqual(partsIn(draft, "timecodec"), []);
  assert.equal(withPart(draft, "stages.2", part("d")).stages.length, 3);
  assert.deepEqual(withPart(draft, "stages.0", null).stages.map((p) => p.name), ["c"]);
  assert.equal(withPart(draft, "head", part("other")).head.name, "other");
  assert.deepEqual(moved(draft, "stages.1", -1).stages.map((p) => p.name), ["c", "b"]);
  assert.equal(moved(draft, "stages.0", -1), draft);
  assert.deepEqual(draft.stages.map((p) => p.name), ["b", "c"]);
});

test("a default that nobody wrote down stays unwritten", () => {
  const keep = { name: "keep", default: 0.25 };
  assert.deepEqual(withValue(part("m"), keep, 0.5).params, { keep: 0.5 });
  assert.deepEqual(withValue(part("m"), keep, 0.25).params, {});
  assert.deepEqual(withValue(part("m", { keep: 0.5 }), keep, 0.25).params, { keep: 0.25 });
});

test("a stage says whether it was computed", () => {
  assert.equal(tookText({ computed: 2, seconds: 0.512 }), "computed, 0.51 s");
  assert.equal(tookText({ computed: 0, seconds: 0 }), "reused");
  assert.equal(tookText(undefined), "");
});

test("names stay different", () => {
  const kept = [{ name: "a" }, { name: "b" }];
  assert.equal(freeName(["m", "m 2"], "m"), "m 3");
  assert.deepEqual(renamed(kept, "a", " c ").map(({ name }) => name), ["c", "b"]);
  assert.equal(renamed(kept, "a", "b"), kept);
  assert.equal(renamed(kept, "a", ""), kept);
});

test("differences are to the reference", () => {
  assert.deepEqual(deltaText({ reference: true }), ["reference", ""]);
  assert.deepEqual(deltaText({ delta: { value: 0.1, low: -0.1, high: 0.3 } }), ["+0.1", "[\u22120.1, +0.3]"]);
  assert.deepEqual(deltaText({ delta: null }), ["–", ""]);
});

test("a recipe from the table comes back with everything on", () => {
  const plain = { encoders: [{ name: "a" }], stages: [], head: { name: "h" }, timecodec: null };
  assert.deepEqual(draftFrom(plain).encoders, [{ name: "a", on: true }]);
  assert.equal(draftFrom(plain).timecodec, null);
});
