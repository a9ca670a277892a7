// A recipe at one budget: its tokens, ready to ask and to describe.
import { frameAt } from "../page/_time.js";
import { int32, float32, cellIndex, cellsOf, framesOf, cellNumber, sameCell } from "./_owners.js";

export const percent = (part) => `${(100 * part).toFixed(part < 0.0995 ? 1 : 0)} %`;
const LONGEST = 40; // letters of a word; it stands in the middle of a line
const counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** A word's weights on the cells (see weights.py), with the bytes made readable. */
export function readWeights({ text, cells, peak }) {
  const steps = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
  const name = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return { text: name, peak, steps, of: (cell) => (steps[cell] / 255) * peak };
}

/** A pane and one of its levels (see levels.py), with the bytes made readable. */
export function readRecipe(pane, level) {
  const [owner, mass] = [int32(level.owner), int32(level.mass)];
  const index = cellIndex(owner, mass.length);
  const share = level.share.byteLength ? float32(level.share) : null;
  return {
    ...pane, level, owner, index,
    count: mass.length,
    dropsSome: owner.includes(-1),
    mergesSome: mass.some((m) => m > 1),
    massOf: (token) => mass[token],
    shareOf: (cell) => share ? share[cell] : owner[cell] < 0 ? 0 : 1 / mass[owner[cell]],
  };
}

export const countText = ({ count, before, grid, of_frames: all }) => {
  const some = all > grid[0] ? ` · ${grid[0]} of ${all} frames sent` : "";
  return `${count} of ${before} tokens (${percent(count / before)})${some}`;
};

export function tokenAt(recipe, cell) {
  const number = cellNumber(cell, recipe.grid);
  return number < 0 ? -1 : recipe.owner[number];
}

/** What to say of the token that speaks for a cell: how much it covers, and what part of it the
 * cell is. Nothing for a cell outside. */
export function tokenText(recipe, cell) {
  const number = cellNumber(cell, recipe.grid);
  if (number < 0) return [];
  const token = recipe.owner[number];
  if (token < 0) return ["dropped: no token speaks for this cell"];
  const [mass, own] = [recipe.massOf(token), cellsOf(recipe.index, token)];
  const frames = framesOf(own, recipe.grid).length;
  const reach = frames > 1 ? ` in ${counted(frames, "frame")}` : "";
  const less = recipe.of_frames > recipe.grid[0] ? `, ${own.length} of them shown`
    : `, most of all for ${own.length}`; // only these light up
  const { weights } = recipe;
  const looks = weights ? ` · “${weights.text}”: ${percent(weights.of(number))} of its weight` : "";
  return [
    `token ${token} speaks for ${counted(mass, "cell")}${own.length < mass ? less : reach}`,
    `share of this cell ${percent(recipe.shareOf(number))} · ${recipe.level.kind}${looks}`,
  ];
}

/** What every recipe has at the cell that one of them was asked about, and at the time. */
export function focusOn(recipes, cell, grid, timeS) {
  const cells = recipes.map((recipe) => sameCell(cell, grid, recipe.grid));
  return {
    cells,
    tokens: recipes.map((recipe, i) => tokenAt(recipe, cells[i])),
    frames: recipes.map((recipe) => frameAt(recipe.times_s, timeS)),
  };
}

/** Frames of each recipe that a focus draws on. */
export function touched(recipes, { cells, tokens, frames }) {
  return recipes.map((recipe, i) => new Set([
    frames[i],
    ...(cells[i][0] >= 0 ? [cells[i][0]] : []),
    ...framesOf(cellsOf(recipe.index, tokens[i]), recipe.grid),
  ]));
}

/** How the shares of a recipe's tokens are meant. */
export const meaningOf = ({ level }) => `${level.kind}: ${level.meaning}`;

/** The key to the picture, as [kind, text]; kinds name the swatches of the style sheet. */
export function legendOf(recipes, mode) {
  const keys = [];
  if (mode === "groups" && recipes.some((recipe) => recipe.mergesSome)) {
    keys.push(["group", "one colour, one token"], ["single", "clear: a token of its own"]);
  }
  const weights = recipes.find((recipe) => recipe.weights)?.weights;
  if (mode === "shares") keys.push(["heat", "dark to bright: part of its token, up to 100 %"]);
  if (mode === "weights" && weights) {
    keys.push(["heat", `dark to bright: part of the weight of “${weights.text}”, up to ${percent(weights.peak)}`]);
  }
  if (mode !== "frames" && recipes.some((recipe) => recipe.dropsSome)) {
    keys.push(["dropped", "hatched: dropped"]);
  }
  const meanings = new Set(recipes.map((recipe) => meaningOf(recipe)));
  return [...keys, ...[...meanings].map((meaning) => ["meaning", meaning])];
}
