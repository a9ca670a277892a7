// The workbench's pure functions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { askedOf, shortPath, tabOfKey } from "../../widgets/vtk_widgets/workbench.js";
import { changeWords, partOf, spanWords } from "../../widgets/vtk_widgets/parts/recipe/_answer.js";

const films = [{ name: "bikes", question: "a bicycle" }, { name: "bunny", question: "a rabbit" }];

test("another film brings its own question unless a person wrote one", () => {
  assert.equal(askedOf(films, "bunny", "a bicycle"), "a rabbit");
  assert.equal(askedOf(films, "bunny", ""), "a rabbit");
  assert.equal(askedOf(films, "bunny", "a red car"), "a red car");
  assert.equal(askedOf(films, "/films/mine.mp4", "a bicycle"), "a bicycle");
});

test("a long path keeps its end", () => {
  assert.equal(shortPath("short.mp4"), "short.mp4");
  const path = `/home/${"deep/".repeat(20)}film.mp4`;
  assert.ok(shortPath(path).endsWith("film.mp4"));
  assert.equal(shortPath(path).length, 46);
});

test("arrow keys walk the tabs round and round", () => {
  const keys = ["a", "b", "c"];
  assert.equal(tabOfKey(keys, "c", "ArrowRight"), "a");
  assert.equal(tabOfKey(keys, "a", "ArrowLeft"), "c");
  assert.equal(tabOfKey(keys, "b", "End"), "c");
  assert.equal(tabOfKey(keys, "b", "x"), "b");
});

test("what changed is said in tokens, moment and score", () => {
  const best = [{ start_s: 1, end_s: 2, score: 0.5 }, { start_s: 1, end_s: 2.5, score: 0.4 }];
  const rows = changeWords({ tokens: [400, 200], best, score: -0.1, overlap: 2 / 3 });
  assert.deepEqual(rows, [
    ["tokens", "400", "200", "\u221250 %"],
    ["moment", "1.00–2.00 s", "1.00–2.50 s", "overlap 67 %"],
    ["score", "0.500", "0.400", "\u22120.1"],
  ]);
  assert.equal(changeWords({ tokens: [4, 4], best: [null, best[0]], score: null, overlap: null }).length, 2);
  assert.equal(spanWords(null), "no moment");
});

test("parts of a whole are said with the digits they need", () => {
  assert.equal(partOf(400, 1600), "25 %");
  assert.equal(partOf(50, 1600), "3.1 %");
  assert.equal(partOf(0, 0), "–");
});
