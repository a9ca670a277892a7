// The controls above an attention explorer: how heads are joined, and what sets the colour scale.
import { make, ownKeys, button } from "../page/_dom.js";

export const WAYS = { mean: "Mean", max: "Max", rollout: "Rollout", relevance: "Relevance" };
const KEYS = { m: "mean", x: "max", o: "rollout", r: "relevance" };

/** The way that a key stands for. */
export const wayOfKey = (key) => KEYS[key];

export function attentionBar(root, model, actions, signal) {
  const bar = make(root, "div", { className: "vtk-bar" });
  const group = make(bar, "div", { className: "vtk-segments", label: "How heads are joined" });
  group.setAttribute("role", "radiogroup");
  const radios = Object.entries(WAYS).map(([way, text]) => {
    const key = Object.keys(KEYS).find((k) => KEYS[k] === way);
    const radio = ownKeys(make(group, "button", { type: "button", text, title: `${text} (${key})` }));
    radio.setAttribute("role", "radio");
    radio.dataset.way = way;
    radio.addEventListener("click", () => actions.setWay(way), { signal });
    return radio;
  });
  group.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const there = radios.filter((radio) => !radio.hidden);
    const next = there[(there.indexOf(event.target) + by + there.length) % there.length];
    event.preventDefault();
    event.stopPropagation();
    next.focus();
    actions.setWay(next.dataset.way);
  }, { signal });
  const where = make(bar, "span", { className: "vtk-where" });
  const all = button(bar, "All layers and heads", "vtk-all", actions.all, signal);
  all.textContent = "× all";
  const check = make(bar, "label", { className: "vtk-check" });
  const sinks = ownKeys(make(check, "input", { type: "checkbox" }));
  make(check, "span", { text: "sinks in the colour scale" });
  sinks.addEventListener("change", () => actions.setSinks(sinks.checked), { signal });

  function draw({ layer, head, peeked }) {
    const [ways, how] = [model.get("ways"), model.get("how")];
    const across = how === "rollout" || how === "relevance";
    for (const radio of radios) {
      const on = radio.dataset.way === how;
      radio.hidden = !ways.includes(radio.dataset.way);
      radio.setAttribute("aria-checked", on);
      radio.tabIndex = on ? 0 : -1;
    }
    const one = layer >= 0 && (!across || peeked);
    where.textContent = !one ? "all layers and heads" : head < 0 ? `layer ${layer}, all heads` : `layer ${layer}, head ${head}`;
    all.hidden = !one || peeked;
    sinks.checked = model.get("sinks_in_scale");
  }
  return { draw };
}
