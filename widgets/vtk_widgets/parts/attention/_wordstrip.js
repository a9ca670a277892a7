// The words of a prompt as a row of buttons, tinted by what they look at.
import { make, ownKeys, button } from "../page/_dom.js";

/** The index an arrow key leads to, among those that are shown. */
export function walkedWord(index, key, from, count) {
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -count, End: count }[key];
  return step === undefined ? -1 : Math.min(count - 1, Math.max(from, index + step));
}

/** @param {(place: number) => void} pick of a position in the prompt */
export function wordStrip(parent, model, places, pick, signal) {
  const box = make(parent, "div", { className: "vtk-words" });
  const group = make(box, "div", { className: "vtk-chips", label: "Words of the prompt" });
  group.setAttribute("role", "radiogroup");
  const words = model.get("words");
  const asked = model.get("asked");
  let shown = asked; // the first that is shown
  const chips = words.map((text, i) => {
    const chip = ownKeys(make(group, "button", { type: "button", className: "vtk-chip" }));
    make(chip, "bdi", { text: text || "␣" });
    make(chip, "small");
    chip.setAttribute("role", "radio");
    chip.hidden = i < asked;
    chip.addEventListener("click", () => pick(places[i]), { signal });
    return chip;
  });
  const side = make(box, "div", { className: "vtk-side" });
  const meaning = make(side, "p");
  const more = button(side, "", "vtk-more", () => {
    shown = shown ? 0 : asked;
    chips.forEach((chip, i) => { chip.hidden = i < shown; });
    drawMore();
  }, signal);
  function drawMore() {
    more.hidden = asked === 0;
    const text = shown ? `+ ${asked} words before the question` : "question only";
    more.textContent = text;
    more.setAttribute("aria-label", text);
    more.title = text;
  }
  group.addEventListener("keydown", (event) => {
    const at = chips.indexOf(event.target.closest("button"));
    const next = at < 0 ? -1 : walkedWord(at, event.key, shown, chips.length);
    if (next < 0) return;
    event.preventDefault();
    event.stopPropagation();
    chips[next].focus();
    pick(places[next]);
  }, { signal });
  drawMore();

  /** @param {(i: number) => { part: number, text: string }} tint how full and with what number
   *  @param {Uint8Array | undefined} sinkWord
   *  @param {string} means what the numbers are */
  function draw(place, tint, sinkWord, means) {
    const chosen = places.indexOf(place);
    meaning.textContent = means;
    chips.forEach((chip, i) => {
      const { part, text } = tint(i);
      chip.setAttribute("aria-checked", i === chosen);
      chip.tabIndex = i === chosen || (chosen < 0 && i === chips.length - 1) ? 0 : -1;
      chip.style.setProperty("--vtk-part", `${Math.round(100 * part)}%`);
      chip.lastChild.textContent = text || "\u00a0"; // its place is kept: nothing moves
      chip.classList.toggle("vtk-sink", Boolean(sinkWord?.[i]));
      chip.title = [words[i], text, sinkWord?.[i] ? "a sink: nearly everything looks at it" : ""].filter(Boolean).join(" · ");
    });
    if (chosen >= 0 && chosen < shown) more.click();
  }
  return { draw, wordAt: (place) => words[places.indexOf(place)] ?? "" };
}
