// The answer in words and pictures: when, how sure, from which frames, and what a change did.
import { make, button, decoded } from "../page/_dom.js";
import { shortNumber, signedNumber } from "../page/_numbers.js";

export const spanWords = (moment) => (moment ? `${moment.start_s.toFixed(2)}–${moment.end_s.toFixed(2)} s` : "no moment");

/** A part of a whole, for people. */
export const partOf = (few, many) => (many ? `${((100 * few) / many).toFixed(few / many < 0.0995 ? 1 : 0)} %` : "–");

/** What a change did, as [name, before, after, by how much]. */
export function changeWords({ tokens, best, score, overlap }) {
  const [from, to] = tokens;
  const less = from === to ? "as many" : `${signedNumber((100 * (to - from)) / from, 2)} %`;
  const rows = [["tokens", shortNumber(from), shortNumber(to), less]];
  const same = overlap === null ? "" : `overlap ${Math.round(100 * overlap)} %`;
  rows.push(["moment", spanWords(best[0]), spanWords(best[1]), same]);
  if (best[0] && best[1]) rows.push(["score", best[0].score.toFixed(3), best[1].score.toFixed(3), score === 0 ? "the same" : signedNumber(Number(score.toFixed(3)))]);
  return rows;
}

/** Frames behind an answer: one button each, that seeks. */
function frameStrip(parent, model, shared, signal) {
  const pictures = model.get("frames");
  model.get("answer").frames.forEach(({ number, time_s: timeS, saliency }, i) => {
    const fit = saliency === null ? "no token left" : `fits ${saliency.toFixed(2)}`;
    const label = `Frame ${number} at ${timeS.toFixed(2)} s, ${fit}`;
    const seek = button(parent, label, "vtk-frame", () => shared.set({ time_s: timeS }), signal);
    const canvas = make(seek, "canvas");
    canvas.setAttribute("aria-hidden", "true");
    decoded(pictures[i]).then((bitmap) => {
      Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
    });
    make(seek, "span", { text: `${timeS.toFixed(2)} s` });
  });
}

/** @returns {{ draw: () => void }} */
export function answerPanel(parent, model, shared, wish, signal) {
  const panel = make(parent, "section", { className: "vtk-answer", label: "Answer" });
  const changed = make(parent, "section", { className: "vtk-change", label: "What changed" });
  changed.setAttribute("aria-live", "polite");

  function drawAnswer() {
    const answer = model.get("answer");
    panel.replaceChildren();
    panel.hidden = !answer.text;
    if (!answer.text) return;
    const head = make(panel, "div", { className: "vtk-answer-head" });
    const said = make(head, "p", { className: "vtk-answer-when" });
    said.setAttribute("role", "status");
    make(said, "span", { className: "vtk-hidden", text: "Answer: " });
    make(said, "strong", { text: answer.moment ? spanWords(answer.moment) : answer.text });
    if (answer.moment) make(said, "span", { text: `score ${answer.moment.score.toFixed(2)}` });
    if (answer.symbols) make(said, "code", { text: answer.symbols, title: "as the recipe's time code writes it" });
    if (!answer.frames.length) return;
    const shown = answer.frames.length < answer.inside ? `${answer.frames.length} of the ${answer.inside}` : answer.inside;
    make(panel, "h4", { text: `It came from ${shown} of ${answer.seen} frames` });
    frameStrip(make(panel, "div", { className: "vtk-frames" }), model, shared, signal);
  }

  function drawBudget(box) {
    const { tokens, before, squeezes } = model.get("answer");
    const line = make(box, "div", { className: "vtk-budget" });
    const gauge = make(line, "div", { className: "vtk-gauge" });
    gauge.setAttribute("aria-hidden", "true");
    make(gauge, "i").style.width = `${Math.max(0.5, (100 * tokens) / before)}%`;
    make(line, "span", { text: `${shortNumber(tokens)} of ${shortNumber(before)} tokens (${partOf(tokens, before)})` });
    if (!model.get("live") || !squeezes) return;
    const half = button(line, "Halve the tokens", "vtk-word", () => wish({ do: "squeeze", by: 0.5 }), signal);
    half.textContent = "Halve the tokens";
    half.disabled = tokens < 2;
    const twice = button(line, "Double the tokens", "vtk-word", () => wish({ do: "squeeze", by: 2 }), signal);
    twice.textContent = "Double";
    twice.disabled = tokens >= before;
  }

  function drawChange() {
    const change = model.get("change");
    changed.replaceChildren();
    changed.hidden = !model.get("answer").text;
    if (changed.hidden) return;
    drawBudget(changed);
    if (!change.tokens) {
      if (model.get("live")) make(changed, "p", { className: "vtk-hint", text: "Change the recipe, and what it changes stands here." });
      return;
    }
    make(changed, "h4", { text: "What changed" });
    const table = make(changed, "table");
    table.setAttribute("aria-label", "What changed");
    for (const [name, from, to, by] of changeWords(change)) {
      const row = make(table, "tr");
      make(row, "th", { scope: "row", text: name });
      make(row, "td", { text: from });
      make(row, "td", { className: "vtk-arrow", text: "→" });
      make(row, "td", { className: "vtk-after", text: to });
      make(row, "td", { className: "vtk-by", text: by });
    }
    const places = change.places.map(([place, a, b]) => `${place.replace(".params", "")}: ${a} → ${b}`);
    if (places.length) make(changed, "p", { className: "vtk-places", text: places.join(", ") });
  }

  return {
    draw() {
      const focused = parent.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : "";
      drawAnswer();
      drawChange();
      if (focused) [...parent.querySelectorAll("button")].find((b) => b.getAttribute("aria-label") === focused)?.focus();
    },
  };
}
