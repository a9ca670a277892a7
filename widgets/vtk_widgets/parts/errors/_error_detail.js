// One question: what was true, what each model said, and the film in between.
import { make } from "../page/_dom.js";
import { spanText } from "../page/_time.js";
import { iouOf, spanOf } from "./_errors.js";

const MARGIN = 0.25; // as in error_browser.py

/** What of the film to show: truth and answers, and a little around them. */
export function stretchOf(spans) {
  const [startS, endS] = [Math.min(...spans.map((s) => s[0])), Math.max(...spans.map((s) => s[1]))];
  const marginS = MARGIN * (endS - startS);
  return [Math.max(0, startS - marginS), endS + marginS];
}

function lane(parent, name, span, [fromS, toS], className, told) {
  make(parent, "span", { className: "vtk-lane-name", text: name, title: name });
  const track = make(parent, "span", { className: "vtk-lane" });
  if (span) {
    const mark = make(track, "i", { className });
    mark.style.left = `${(100 * (span[0] - fromS)) / (toS - fromS)}%`;
    mark.style.width = `${(100 * Math.max(0, span[1] - span[0])) / (toS - fromS)}%`;
  }
  make(parent, "span", { className: "vtk-lane-told", text: span ? spanText(...span) : "no answer" });
  make(parent, "span", { className: "vtk-lane-told", text: told });
}

/** @returns {(q: number, current: number) => void} draws the question, or nothing below 0 */
export function questionPane(pane, data, model, endNames) {
  let addresses = [];
  const letGo = () => {
    for (const address of addresses) URL.revokeObjectURL(address);
    addresses = [];
  };
  return (q, current) => {
    letGo();
    pane.replaceChildren();
    pane.hidden = q < 0 || q >= data.count;
    if (pane.hidden) return;
    const about = [data.films[q], `id ${data.ids[q]}`].filter(Boolean).join(" · ");
    for (const [tag, text] of [["h3", data.texts[q] || `question ${data.ids[q]}`], ["p", about]]) {
      make(pane, tag, { className: tag === "p" ? "vtk-muted" : "", text, title: text });
    }
    const truth = spanOf(data.models[current], q, "trueS");
    const answers = data.models.map((m) => spanOf(m, q, "answerS"));
    const { chosen, start_s: startS, end_s: endS, times_s: timesS } = model.get("strip_of");
    const frames = chosen === q ? model.get("strip") : [];
    const stretch = frames.length ? [startS, endS] : stretchOf([truth, ...answers.filter(Boolean)]);
    const lanes = make(pane, "div", { className: "vtk-lanes" });
    if (frames.length) {
      make(lanes, "span");
      const strip = make(lanes, "div", { className: "vtk-strip" });
      frames.forEach((bytes, i) => {
        const address = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
        addresses.push(address);
        make(strip, "img", { src: address, alt: `Frame at ${timesS[i].toFixed(2)} s`, title: `${timesS[i].toFixed(2)} s` });
      });
      make(lanes, "span");
      make(lanes, "span");
    }
    lane(lanes, "truth", truth, stretch, "vtk-truth", "");
    data.models.forEach((m, k) => {
      const told = `${endNames[m.ends[q]]}, IoU ${iouOf(m, q).toFixed(2)}`;
      lane(lanes, m.name, answers[k], stretch, "vtk-answer", told);
    });
  };
}
