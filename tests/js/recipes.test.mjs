import assert from "node:assert/strict";
import test from "node:test";
import * as recipes from "../../widgets/vtk_widgets/parts/tokens/_recipes.js";
import { recipesAt, besides, pageText } from "../../widgets/vtk_widgets/token_map.js";
import { keepRange, steppedKeep, modeOfKey, rivalOfKey } from "../../widgets/vtk_widgets/parts/tokens/_toolbar.js";
import { shadeOf, heat, isOutside } from "../../widgets/vtk_widgets/parts/tokens/_paint.js";
import { lightness } from "../../widgets/vtk_widgets/parts/tokens/_surface.js";

const bytes = (numbers) => new DataView(numbers.buffer);
const LEVEL = {
  keep: 0.5, kind: "mean", meaning: "exact",
  owner: bytes(Int32Array.from([0, 0, 1, -1, 0, 2, 2, -1])),
  mass: bytes(Int32Array.from([3, 1, 2])),
  share: new DataView(new ArrayBuffer(0)),
};
const PANE = { label: "merge", before: 8, grid: [2, 2, 2], times_s: [0, 1], view: [0, 0, 1, 1] };
const RECIPE = recipes.readRecipe(PANE, LEVEL);

test("counts are told with the part that is left", () => {
  assert.equal(recipes.countText(RECIPE), "3 of 8 tokens (38 %)");
  assert.equal(recipes.percent(0.0512), "5.1 %");
  assert.equal(recipes.percent(1), "100 %");
});

test("a cell tells its token, how far that reaches, and its own share", () => {
  assert.deepEqual(recipes.tokenText(RECIPE, [0, 0, 1]), [
    "token 0 speaks for 3 cells in 2 frames", "share of this cell 33 % · mean",
  ]);
  assert.deepEqual(recipes.tokenText(RECIPE, [0, 1, 0]), [
    "token 1 speaks for 1 cell", "share of this cell 100 % · mean",
  ]);
});

test("a dropped cell says so, and outside there is nothing to say", () => {
  assert.match(recipes.tokenText(RECIPE, [0, 1, 1])[0], /^dropped/);
  assert.deepEqual(recipes.tokenText(RECIPE, [-1, -1, -1]), []);
});

test("shares that are not 1 / mass are taken as sent", () => {
  const share = bytes(Float32Array.from([0.7, 0.2, 1, 0, 0.1, 0.5, 0.5, 0]));
  const soft = recipes.readRecipe(PANE, { ...LEVEL, kind: "attn", share });
  assert.equal(recipes.tokenText(soft, [0, 0, 0])[1], "share of this cell 70 % · attn");
});

test("a soft token says how many cells it leads in, since only those light up", () => {
  const mass = bytes(Int32Array.from([8, 1, 2]));
  const soft = recipes.readRecipe(PANE, { ...LEVEL, kind: "attn", mass });
  assert.equal(recipes.tokenText(soft, [0, 0, 0])[0], "token 0 speaks for 8 cells, most of all for 3");
});

test("one focus finds each recipe's own token, through grids of any size", () => {
  const fine = recipes.readRecipe(
    { ...PANE, grid: [2, 2, 4], times_s: [0, 2] },
    { ...LEVEL, owner: bytes(Int32Array.from({ length: 16 }, (_, i) => i)), mass: bytes(new Int32Array(16).fill(1)) });
  const focus = recipes.focusOn([RECIPE, fine], [1, 0, 1], [2, 2, 2], 1.5);
  assert.deepEqual(focus.tokens, [2, 11]);
  assert.deepEqual(focus.frames, [1, 0]);
  assert.deepEqual(recipes.touched([RECIPE, fine], focus).map((set) => [...set].sort()), [[1], [0, 1]]);
});

test("a dropped cell lights up its own frame, and the frame on show is always marked", () => {
  const focus = recipes.focusOn([RECIPE], [0, 1, 1], [2, 2, 2], 1);
  assert.deepEqual(focus.tokens, [-1]);
  assert.deepEqual([...recipes.touched([RECIPE], focus)[0]].sort(), [0, 1]);
});

test("the legend explains only what can be seen", () => {
  const kinds = (mode) => recipes.legendOf([RECIPE], mode).map(([kind]) => kind);
  assert.deepEqual(kinds("groups"), ["group", "single", "dropped", "meaning"]);
  assert.deepEqual(kinds("kept"), ["dropped", "meaning"]);
  assert.deepEqual(kinds("frames"), ["meaning"]);
});

test("a fresh budget counts beside those made beforehand, and unchanged recipes are kept", () => {
  const levels = [[{ ...LEVEL, keep: 0.1 }, { ...LEVEL, keep: 0.9 }]];
  const [first] = recipesAt([PANE], levels, [{}], 0.3);
  assert.equal(first.level.keep, 0.1);
  assert.equal(recipesAt([PANE], levels, [{}], 0.2, [first])[0], first);
  const fresh = [{ ...LEVEL, keep: 0.3 }];
  assert.equal(recipesAt([PANE], levels, fresh, 0.3, [first])[0].level, fresh[0]);
});

test("a baseline stands beside at the budget nearest to the first recipe's", () => {
  const made = [{ ...LEVEL, keep: 0.1 }, { ...LEVEL, keep: 0.4 }];
  const [, rival] = besides([RECIPE], PANE, "random", made);
  assert.equal(rival.level.keep, 0.4);
  assert.equal(rival.label, "Random tokens");
  assert.equal(besides([RECIPE, rival], PANE, "random", made, [rival])[2], rival);
  assert.deepEqual(besides([RECIPE], PANE, "", undefined), [RECIPE]);
});

test("weights are told at a cell and in the legend, in parts of the whole", () => {
  const cells = new DataView(Uint8Array.from([0, 255, 51, 0, 0, 0, 0, 0]).buffer);
  const weights = recipes.readWeights({ text: "dog", cells, peak: 0.5 });
  assert.equal(weights.of(2), 0.1);
  assert.equal(recipes.readWeights({ text: "w".repeat(999), cells, peak: 1 }).text.length, 41);
  const seen = { ...RECIPE, weights };
  assert.match(recipes.tokenText(seen, [0, 0, 1])[1], /“dog”: 50 % of its weight$/);
  assert.match(recipes.legendOf([seen], "weights")[0][1], /“dog”, up to 50 %/);
});

test("of a film that was thinned out, it says how much of a token is shown", () => {
  const thin = { ...RECIPE, of_frames: 9, massOf: () => 7 };
  assert.match(recipes.tokenText(thin, [0, 0, 0])[0], /7 cells, 3 of them shown$/);
  assert.match(recipes.countText(thin), /2 of 9 frames sent$/);
});

test("pages are told only where there are several", () => {
  const panes = [{ from: 10, to: 20, boxes: Array(25) }];
  assert.equal(pageText({ pages: 3, panes }), "showing frames 11–20 of 25");
  assert.equal(pageText({ pages: 1, panes }), "");
});

test("shares are shaded by their root, weights by their part of the largest; other views not", () => {
  const shaded = shadeOf({ ...RECIPE, weights: null }, "shares");
  assert.equal(shaded(2), 1);
  assert.equal(shaded(5), Math.sqrt(0.5));
  assert.equal(shadeOf(RECIPE, "groups"), null);
  assert.equal(shadeOf({ ...RECIPE, weights: null }, "weights"), null);
  const light = (part) => heat(part).slice(0, 3).reduce((sum, c) => sum + c);
  assert.ok([0.1, 0.3, 0.6, 1].every((part) => light(part) > light(part - 0.1)));
});

test("frames fade that lie wholly outside the window", () => {
  const outside = (window) => [0, 1, 2].map((i) => isOutside({ times_s: [0, 1, 2] }, i, window, 3));
  assert.deepEqual(outside([]), [false, false, false]);
  assert.deepEqual(outside([1, 2]), [true, false, true]);
  assert.deepEqual(outside([0.5, 2.5]), [false, false, false]);
});

test("without a kernel the slider goes from budget to budget, with one it goes anywhere", () => {
  assert.deepEqual(keepRange([0.1, 0.5], false), [0.1, 0.5]);
  assert.deepEqual(keepRange([0.1, 0.5], true), [0.01, 1]);
  assert.equal(steppedKeep([0.1, 0.5, 1], false, 0.5, 1), 1);
  assert.equal(steppedKeep([0.1, 0.5, 1], false, 0.1, -1), 0.1);
  assert.equal(steppedKeep([0.1, 0.5], true, 0.5, 1), 0.51);
  assert.equal(steppedKeep([0.1, 0.5], true, 1, 1), 1);
});

test("each view has a key", () => {
  assert.deepEqual(["g", "k", "f", "x"].map(modeOfKey), ["groups", "kept", "frames", undefined]);
  assert.deepEqual(["s", "w"].map(modeOfKey), ["shares", "weights"]);
  assert.deepEqual(["r", "u", "g"].map(rivalOfKey), ["random", "uniform", undefined]);
});

test("light text is told from dark text in every way browsers write it", () => {
  assert.ok(lightness("rgb(240, 240, 240)") > 0.5);
  assert.ok(lightness("rgba(0, 0, 0, 0.87)") < 0.5);
  assert.ok(lightness("color(srgb 0.9 0.9 0.92)") > 0.5);
});
