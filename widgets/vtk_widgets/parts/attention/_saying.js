// What an attention explorer says of what is pointed at, and how it tints the words.
import { cellNumber } from "../tokens/_owners.js";
import { cellColumn, lookRow, lookText, partText, whoText } from "./_attention.js";

/** Who looks at a cell, the three who do most. */
export function cellText(look, cell, grid, wordAt) {
  const values = cellColumn(look, cellNumber(cell, grid));
  const order = [...values.keys()].sort((a, b) => values[b] - values[a]);
  const best = order.slice(0, 3).filter((i) => values[i] > 0);
  const who = best.map((i) => `“${wordAt(look.rows[i])}” ${partText(values[i])}`).join(", ");
  const [frame, row, column] = cell;
  const where = `frame ${frame + 1}, cell (${row}, ${column})`;
  return `${where} in ${whoText(look.how, look.layer, look.head)} is looked at by ${who || "no word"}`;
}

/** Of the cell that is pointed at, else of the word that is chosen. */
export function sayingOf(look, place, cell, grid, wordAt) {
  if (!look) return "…";
  return cell ? cellText(look, cell, grid, wordAt) : lookText(wordAt(place), look, place, grid);
}

/** How full each word is tinted, and with which number: by what it has on a cell, else by what
 * the chosen word has on it. */
export function tintOf(look, place, places, cell, grid) {
  if (look && cell) {
    const column = cellColumn(look, cellNumber(cell, grid));
    const most = Math.max(...column, 1e-12);
    return (i) => {
      const row = look.rows.indexOf(places[i]);
      return row < 0 ? { part: 0, text: "" } : { part: column[row] / most, text: partText(column[row]) };
    };
  }
  const onWords = lookRow(look, place, "onWords");
  const most = onWords ? Math.max(...onWords, 1e-12) : 1;
  return (i) => onWords ? { part: onWords[i] / most, text: partText(onWords[i]) } : { part: 0, text: "" };
}

/** What the numbers below the words are. */
export const tintMeaning = (word, cell) =>
  cell ? "below: what each word has on the cell" : `below: what “${word}” has on each word`;
