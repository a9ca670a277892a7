// The controls below a player's picture, and the times of the frames that the model saw.
import { secondsText } from "../page/_time.js";
import { make, ownKeys, button } from "../page/_dom.js";

const MOST_CHIPS = 96; // times of seen frames that are listed
const SPEEDS = [0.25, 0.5, 1, 2, 4];

export function playerBar(root, actions, signal) {
  const bar = make(root, "div", { className: "vtk-bar" });
  const icon = (label, name, act) => button(bar, label, `vtk-icon vtk-${name}`, act, signal);
  const back = icon("Previous frame", "back", () => actions.step(-1));
  const play = icon("Play", "play", actions.toggle);
  const on = icon("Next frame", "on", () => actions.step(1));
  const track = make(bar, "div", { className: "vtk-track" });
  const rail = make(track, "div", { className: "vtk-rail" });
  const within = make(rail, "div", { className: "vtk-window" });
  const moment = make(rail, "div", { className: "vtk-chosen" });
  const marks = make(rail, "div");
  const range = { type: "range", min: 0, step: "any", label: "Time" };
  const scrubber = ownKeys(make(track, "input", range));
  scrubber.addEventListener("input", () => actions.seek(scrubber.valueAsNumber), { signal });
  const clock = make(bar, "output", { className: "vtk-clock" });
  clock.setAttribute("role", "status");
  const mute = icon("Sound", "sound", actions.mute);
  const fit = button(bar, "Fit", "vtk-word", () => actions.view("fit"), signal);
  const pixels = button(bar, "1:1", "vtk-word", () => actions.view("pixels"), signal);
  for (const [control, text, title] of [[fit, "Fit", "The whole picture (0)"], [pixels, "1:1", "Pixel by pixel (1)"]]) {
    Object.assign(control, { textContent: text, title });
  }
  const speed = ownKeys(make(bar, "select", { label: "Speed", title: "Speed" }));
  for (const s of SPEEDS) make(speed, "option", { value: s, text: `${s}×` });
  speed.addEventListener("change", () => actions.speed(Number(speed.value)), { signal });
  return { back, play, on, within, moment, marks, scrubber, clock, mute, fit, pixels, speed };
}

/** The times of the frames that the model saw, each a button; one stop for Tab. */
export function seenRow(root, seek, signal) {
  const line = make(root, "div", { className: "vtk-seen" });
  const name = make(line, "span", { className: "vtk-seen-name" });
  const list = make(line, "div", { className: "vtk-seen-times", label: "Frames the model saw" });
  list.setAttribute("role", "group");
  list.addEventListener("click", ({ target }) => {
    if (target.dataset.s) seek(Number(target.dataset.s));
  }, { signal });
  let [chips, current] = [[], null];
  function fill(seenS, hidden) {
    line.hidden = hidden;
    const every = Math.ceil(seenS.length / MOST_CHIPS) || 1;
    name.textContent = `seen by the model (${seenS.length})`;
    name.title = every > 1 ? `every ${every}th is listed` : "";
    list.replaceChildren();
    chips = hidden ? [] : seenS.filter((_, i) => i % every === 0).map((s, i) => {
      const chip = ownKeys(make(list, "button", { type: "button", text: s.toFixed(2), tabIndex: i ? -1 : 0 }));
      chip.title = `The model saw the frame at ${secondsText(s)}`;
      chip.dataset.s = s;
      return { s, chip };
    });
    current = null;
  }
  function mark(seenS) {
    const now = chips.find(({ s }) => s === seenS);
    if (now === current) return;
    current?.chip.removeAttribute("aria-current");
    if (now) {
      now.chip.setAttribute("aria-current", "true");
      for (const { chip } of chips) chip.tabIndex = chip === now.chip ? 0 : -1;
      const { offsetLeft, offsetWidth } = now.chip;
      list.scrollLeft = offsetLeft - list.offsetLeft - (list.clientWidth - offsetWidth) / 2;
      if (list.contains(document.activeElement)) now.chip.focus({ preventScroll: true });
    }
    current = now;
  }
  return { fill, mark };
}
