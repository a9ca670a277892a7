import assert from "node:assert/strict";
import test from "node:test";
import { tokenRgb } from "../../widgets/vtk_widgets/parts/page/_palette.js";
import { cellColours } from "../../widgets/vtk_widgets/parts/tokens/_paint.js";

test("token 0 is hsl(0, 65%, 55%)", () => assert.deepEqual(tokenRgb(0), [215, 66, 66]));

test("a token's colour is steady and its neighbours' are far from it", () => {
  for (let token = 0; token < 500; token++) {
    const [here, next] = [tokenRgb(token), tokenRgb(token + 1)];
    assert.deepEqual(here, tokenRgb(token));
    assert.ok(Math.hypot(...here.map((c, i) => c - next[i])) > 80, `${token}`);
  }
});

const COAT = { group: 100, dropped: 200 };
const VEIL = [1, 2, 3];
const massOf = (token) => [1, 3][token];

test("merged cells take their token's colour, single ones stay clear, dropped ones are veiled", () => {
  const rgba = [...cellColours([0, 1, -1], "groups", massOf, VEIL, COAT)];
  assert.deepEqual(rgba.slice(0, 4), [0, 0, 0, 0]);
  assert.deepEqual(rgba.slice(4, 8), [...tokenRgb(1), 100]);
  assert.deepEqual(rgba.slice(8), [1, 2, 3, 200]);
});

test("the kept view colours nothing", () => {
  assert.deepEqual([...cellColours([1], "kept", massOf, VEIL, COAT)], [0, 0, 0, 0]);
});
