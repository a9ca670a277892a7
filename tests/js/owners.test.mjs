import assert from "node:assert/strict";
import test from "node:test";
import * as owners from "../../widgets/vtk_widgets/parts/tokens/_owners.js";

const GRID = [2, 2, 2];
const OWNER = Int32Array.from([0, 0, 1, -1, 0, 2, 2, -1]);
const INDEX = owners.cellIndex(OWNER, 3);

test("bytes are read in place when aligned, and copied when not", () => {
  const raw = new Int32Array([7, 8, 9]);
  assert.deepEqual([...owners.int32(new DataView(raw.buffer, 4))], [8, 9]);
  const shifted = new Uint8Array(9);
  shifted.set(new Uint8Array(raw.buffer, 0, 8), 1);
  assert.deepEqual([...owners.int32(new DataView(shifted.buffer, 1))], [7, 8]);
});

test("float32 bytes keep their holes", () => {
  const raw = new Float32Array([0.5, NaN]);
  assert.deepEqual([...owners.float32(new DataView(raw.buffer))], [0.5, NaN]);
});

test("one frame's owners come in grid order", () => {
  assert.deepEqual([...owners.frameOwners(OWNER, GRID, 1)], [0, 2, 2, -1]);
});

test("a token's cells are found in every frame, and dropped cells belong to nobody", () => {
  assert.deepEqual([0, 1, 2].map((k) => [...owners.cellsOf(INDEX, k)]), [[0, 1, 4], [2], [5, 6]]);
  assert.equal(owners.cellsOf(INDEX, -1).length, 0);
});

test("a token that owns no cell has none", () => {
  assert.deepEqual([...owners.cellsOf(owners.cellIndex(OWNER, 5), 4)], []);
});

test("the frames of a token are those its cells lie in", () => {
  assert.deepEqual(owners.framesOf(owners.cellsOf(INDEX, 0), GRID), [0, 1]);
  assert.deepEqual(owners.framesOf(owners.cellsOf(INDEX, 2), GRID), [1]);
});

test("cell numbers and places are each other's inverse", () => {
  const grid = [3, 4, 5];
  for (let cell = 0; cell < 60; cell++) {
    assert.equal(owners.cellNumber(owners.cellPlace(cell, grid), grid), cell);
  }
  for (const outside of [[-1, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 5], [0, 0, -1]]) {
    assert.equal(owners.cellNumber(outside, grid), -1);
  }
});

test("the same place in another grid holds the cell's centre", () => {
  assert.deepEqual(owners.sameCell([1, 3, 3], [4, 4, 4], [2, 8, 4]), [0, 7, 3]);
  assert.deepEqual(owners.sameCell([2, 1, 0], [4, 2, 2], [4, 2, 2]), [2, 1, 0]);
  assert.deepEqual(owners.sameCell([-1, -1, -1], [4, 2, 2], [4, 2, 2]), [-1, -1, -1]);
  assert.deepEqual(owners.sameCell([0, 0, 0], [0, 0, 0], GRID), [-1, -1, -1]);
});

test("borders stand between different owners only, and only where they are wanted", () => {
  const frame = [0, 0, 1, 0];
  assert.deepEqual(owners.borders(frame, 2, 2), [[0, 1, 1, 1], [1, 1, 1, 2]]);
  assert.deepEqual(owners.borders(frame, 2, 2, () => false), []);
});

test("an outline closes around a token, at the frame's edge too", () => {
  assert.equal(owners.outline([5, 5, 5, 5], 2, 2, 5).length, 8);
  assert.equal(owners.outline([5, 1, 1, 5], 2, 2, 5).length, 8);
  assert.equal(owners.outline([5, 1, 1, 1], 2, 2, 5).length, 4);
  assert.equal(owners.outline([1, 1, 1, 1], 2, 2, 5).length, 0);
});

test("the budget nearest to a wish is taken, the later of equals", () => {
  const levels = [{ keep: 0.1 }, { keep: 0.5 }, { keep: 0.5, fresh: true }];
  assert.equal(owners.nearestLevel(levels, 0.2).keep, 0.1);
  assert.equal(owners.nearestLevel(levels, 0.9).fresh, true);
});
