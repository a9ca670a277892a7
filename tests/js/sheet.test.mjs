import assert from "node:assert/strict";
import test from "node:test";
import * as sheet from "../../widgets/vtk_widgets/parts/tokens/_sheet.js";

const there = (laid) => laid.panes.flatMap((pane) => pane.boxes).filter((box) => box);
const ROOMS = [];
for (const width of [320, 700, 1100]) {
  for (const counts of [[1], [7], [16, 16], [64], [64, 12]]) {
    for (const aspect of [0.56, 1.33, 2.35]) {
      for (const scale of [1, 1.5, 2]) ROOMS.push({ width, counts, aspect, scale });
    }
  }
}

test("every frame has its box, on whole pixels, inside the sheet", () => {
  for (const room of ROOMS) {
    const laid = sheet.layout(room);
    assert.deepEqual(laid.panes.map((pane) => pane.boxes.length), room.counts);
    for (const box of there(laid)) {
      for (const length of Object.values(box)) assert.ok(Number.isInteger(length) && length >= 0);
      assert.ok(box.x + box.w <= room.width * room.scale + 1);
      assert.ok(box.y + box.h + laid.caption <= laid.height * room.scale + 1);
    }
  }
});

test("no two frames overlap", () => {
  for (const room of ROOMS) {
    const boxes = there(sheet.layout(room));
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      assert.ok(apart, JSON.stringify([room, a, b]));
    }));
  }
});

test("all frames of all recipes have one scale", () => {
  for (const room of ROOMS) {
    const sizes = there(sheet.layout(room)).map((b) => `${b.w} ${b.h}`);
    assert.equal(new Set(sizes).size, 1);
  }
});

test("recipes stand side by side where there is room, else below each other", () => {
  const at = (width) => sheet.layout({ width, counts: [4, 4], aspect: 1.5, scale: 1 }).panes;
  assert.equal(at(1000)[0].top, at(1000)[1].top);
  assert.equal(at(400)[0].left, at(400)[1].left);
  assert.ok(at(400)[1].top > at(400)[0].top);
});

test("frames are as large as a screen allows", () => {
  assert.equal(sheet.columnsFor(1100, 1, 1.78), 1);
  assert.equal(sheet.columnsFor(1100, 16, 2.35), 4);
  assert.equal(sheet.columnsFor(300, 3, 0.4), 3); // tall frames stand side by side
  const columns = sheet.columnsFor(540, 64, 1.78);
  assert.ok(540 / columns > 50, "not smaller than can be seen");
});

test("the last row is full where that costs little size", () => {
  assert.equal(sheet.columnsFor(530, 16, 2.35), 4); // three would be larger, with one left over
  assert.equal(sheet.columnsFor(548, 32, 2.35), 4);
  assert.equal(sheet.columnsFor(540, 64, 1.78), 8);
});

test("more frames than any screen holds are still all there", () => {
  assert.equal(sheet.columnsFor(300, 5000, 1.78), 4);
  assert.equal(sheet.columnsFor(40, 3, 1.78), 1);
});

test("frames that do not fit are on other pages, each on exactly one, recipe beside recipe", () => {
  const room = { width: 700, counts: [512, 256], aspect: 1.78, scale: 1 };
  const { pages, height } = sheet.layout(room);
  assert.ok(pages > 1 && height < 1500);
  const seen = room.counts.map((count) => Array(count).fill(0));
  for (let page = 0; page < pages; page++) {
    const laid = sheet.layout({ ...room, page });
    laid.panes.forEach((pane, i) => pane.boxes.forEach((box, frame) => {
      if (box) seen[i][frame] += 1;
    }));
    const [long, short] = laid.panes;
    assert.ok(Math.abs(long.from - 2 * short.from) <= 1, "the same time on both sides");
  }
  assert.ok(seen.flat().every((times) => times === 1));
  assert.equal(sheet.layout({ ...room, page: 99 }).page, pages - 1);
});

const VIEW = [0.25, 0, 0.75, 1];
const RECIPES = [{ view: VIEW, grid: [2, 3, 4] }];
const LAID = sheet.layout({ width: 400, counts: [2], aspect: 1.3, scale: 2 });

test("the middle of a cell hits that cell, in every frame", () => {
  LAID.panes[0].boxes.forEach((box, frame) => {
    const { xs, ys } = sheet.cellBorders(box, VIEW, [2, 3, 4]);
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 4; column++) {
        const [x, y] = [(xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2];
        assert.deepEqual(sheet.hitTest(LAID, RECIPES, x, y), { pane: 0, cell: [frame, row, column] });
      }
    }
  });
});

test("the pixel on a border belongs to the cell right of it and below it", () => {
  const { xs, ys } = sheet.cellBorders(LAID.panes[0].boxes[0], VIEW, [2, 3, 4]);
  assert.deepEqual(sheet.hitTest(LAID, RECIPES, xs[1], ys[2]).cell, [0, 2, 1]);
});

test("nothing is hit between frames, on captions, or outside what the grid covers", () => {
  const box = LAID.panes[0].boxes[0];
  assert.equal(sheet.hitTest(LAID, RECIPES, box.x + box.w + 1, box.y + 5), null);
  assert.equal(sheet.hitTest(LAID, RECIPES, box.x + 5, box.y + box.h + 2), null);
  assert.equal(sheet.hitTest(LAID, RECIPES, box.x + 2, box.y + 5), null);
});

test("the borders of cells cover the view without gaps", () => {
  const { xs } = sheet.cellBorders({ x: 10, y: 0, w: 101, h: 50 }, [0, 0, 1, 1], [1, 2, 7]);
  assert.equal(xs[0], 10);
  assert.equal(xs.at(-1), 111);
  assert.ok(xs.every((x, i) => i === 0 || x > xs[i - 1]));
});

test("arrows walk cells, over the edge into the next frame, and stop at the ends", () => {
  const grid = [2, 3, 4];
  assert.deepEqual(sheet.walked([0, 1, 1], "ArrowRight", grid), [0, 1, 2]);
  assert.deepEqual(sheet.walked([0, 1, 3], "ArrowRight", grid), [1, 1, 0]);
  assert.deepEqual(sheet.walked([1, 1, 0], "ArrowLeft", grid), [0, 1, 3]);
  assert.deepEqual(sheet.walked([1, 1, 3], "ArrowRight", grid), [1, 1, 3]);
  assert.deepEqual(sheet.walked([0, 0, 0], "ArrowUp", grid), [0, 0, 0]);
  assert.deepEqual(sheet.walked([0, 1, 1], "PageDown", grid), [1, 1, 1]);
  assert.deepEqual(sheet.walked([0, 1, 1], "End", grid), [1, 1, 1]);
  assert.deepEqual(sheet.walked([-1, -1, -1], "ArrowUp", grid), [0, 1, 2]);
  assert.equal(sheet.walked([0, 0, 0], "a", grid), null);
});
