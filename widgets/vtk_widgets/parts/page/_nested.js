// A widget inside a widget: drawn into a slot, and drawn anew when another one takes its place.
import { make } from "./_dom.js";

const READY_MS = 3000; // the old view stays at most so long under a new one that does not paint

/** Call `then` once the widget inside has painted, or after a while. */
function whenReady(box, then, signal) {
  const ready = () => box.querySelector("[data-ready]") !== null;
  if (ready()) return then();
  const watch = new MutationObserver(() => { if (ready()) done(); });
  const late = setTimeout(done, READY_MS);
  function done() {
    watch.disconnect();
    clearTimeout(late);
    then();
  }
  watch.observe(box, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
  signal.addEventListener("abort", done);
}

/** A place that one widget at a time is drawn in. `show(ref)` changes which; null empties it. */
export function nested(slot, host, signal) {
  let [shown, now] = [null, null]; // the reference, and what ends its view
  signal.addEventListener("abort", () => now?.end.abort());

  async function show(ref) {
    if (ref === shown) return;
    shown = ref;
    const before = now;
    const end = new AbortController();
    const box = make(slot, "div", { className: "vtk-nested" });
    now = { box, end };
    const drop = (view) => {
      view?.end.abort();
      view?.box.remove();
    };
    if (before) box.classList.add("vtk-coming"); // painted beside the old view, then in its place
    if (!ref) {
      drop(before);
      return;
    }
    try {
      if (!host?.getWidget) throw new Error("this host cannot show a widget inside another one");
      const widget = await host.getWidget(ref);
      await widget.render({ el: box, signal: AbortSignal.any([signal, end.signal]) });
    } catch (error) {
      if (!end.signal.aborted) make(box, "p", { className: "vtk-error", text: `This view could not be drawn: ${error.message}` });
    }
    if (now.box !== box) return drop({ box, end }); // overtaken
    whenReady(box, () => {
      drop(before);
      box.classList.remove("vtk-coming");
    }, end.signal);
  }
  return { show };
}
