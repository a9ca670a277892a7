// The shared Selection, as seen from one widget, and the one clock that moves it.

const REF_PREFIX = "anywidget:";
const PAGE = globalThis[Symbol.for("vtk-page")] ??= Math.random().toString(36).slice(2);
const CLOCKS = globalThis[Symbol.for("vtk-clocks")] ??= new Set(); // Selections that run here

/** A Selection of one's own, for hosts that cannot hand out other models. */
export function loneSelection() {
  const state = {
    time_s: 0, playing: false, speed: 1, cell: [-1, -1, -1], grid: [0, 0, 0],
    token: -1, pinned: false, moment: [], window: [], layer: -1, head: -1, word: -1, _driver: "",
  };
  const bus = new EventTarget();
  return {
    get: (name) => state[name],
    set(name, value) {
      if (JSON.stringify(state[name]) === JSON.stringify(value)) return;
      state[name] = value;
      bus.dispatchEvent(new Event(`change:${name}`));
    },
    on: (name, fn) => bus.addEventListener(name, fn),
    off: (name, fn) => bus.removeEventListener(name, fn),
    save_changes() {},
  };
}

async function modelOf(model, host) {
  const ref = model.get("selection");
  try {
    if (host) return await host.getModel(ref);
    return await model.widget_manager.get_model(ref.slice(REF_PREFIX.length));
  } catch (error) {
    console.warn("[vtk] no shared selection in this host; the widget stands alone.", error);
    return loneSelection();
  }
}

/** The widget's Selection. Follows it when Python assigns another one.
 * `set` reaches every linked widget at once and Python after at most `withinMs`. */
export async function sharedSelection(model, host, signal) {
  let shared = await modelOf(model, host);
  let timer = 0;
  const heard = []; // [event, handler], to move over to another Selection
  const save = () => {
    timer = 0;
    shared.save_changes();
  };
  model.on("change:selection", async () => {
    for (const [event, fn] of heard) shared.off(event, fn);
    shared = await modelOf(model, host);
    for (const [event, fn] of heard) {
      shared.on(event, fn);
      fn();
    }
  });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    if (timer) save(); // and whoever sets something while it goes away starts a timer anew
    for (const [event, fn] of heard) shared.off(event, fn);
  });
  return {
    key: () => model.get("selection"),
    get: (name) => shared.get(name),
    set(values, withinMs = 80) {
      for (const [name, value] of Object.entries(values)) shared.set(name, value);
      timer ||= setTimeout(save, withinMs);
    },
    on(names, fn) {
      for (const name of names) {
        heard.push([`change:${name}`, fn]);
        shared.on(`change:${name}`, fn);
      }
    },
  };
}

/** From where to where the clock runs: through the window where there is one, else the film. */
export function playedSpan(window, endS) {
  const [fromS, toS] = [window[0] ?? 0, Math.min(endS, window[1] ?? endS)];
  return fromS < toS ? { fromS, toS, loops: window.length > 0 } : { fromS: 0, toS: endS, loops: false };
}

/** The clock a little later; `over` at the end of a film that does not go round. */
export function clockAfter(timeS, passedS, { fromS, toS, loops }) {
  const nextS = timeS + passedS;
  if (nextS < toS) return { timeS: nextS, over: false };
  return loops ? { timeS: fromS, over: false } : { timeS: toS, over: true };
}

/** Start or stop; from the end, or from outside the window, it starts at the beginning. */
export function togglePlay(shared, endS) {
  if (shared.get("playing")) return shared.set({ playing: false, _driver: "" });
  const { fromS, toS, loops } = playedSpan(shared.get("window"), endS);
  const now = shared.get("time_s");
  if (now >= toS - 1e-3 || (loops && now < fromS)) shared.set({ time_s: fromS });
  shared.set({ _driver: PAGE, playing: true });
}

/** Move the time while `playing`: one clock per Selection and page, and one page per Selection. */
export function keepTime(shared, endS, signal) {
  function drive() {
    const key = shared.key();
    const ours = () => [PAGE, ""].includes(shared.get("_driver"));
    if (!shared.get("playing") || !ours() || CLOCKS.has(key)) return;
    CLOCKS.add(key);
    let last = performance.now();
    let asked = requestAnimationFrame(tick);
    signal.addEventListener("abort", giveUp);

    function tick(now) {
      if (!shared.get("playing") || !ours() || shared.key() !== key) return stop();
      const passed = Math.max(0, Math.min(now - last, 250)) / 1000; // a hidden tab does not leap
      const span = playedSpan(shared.get("window"), endS());
      const { timeS, over } = clockAfter(shared.get("time_s"), passed * shared.get("speed"), span);
      last = now;
      if (over) shared.set({ time_s: timeS, playing: false, _driver: "" });
      else shared.set({ time_s: timeS }, 250);
      asked = requestAnimationFrame(tick);
    }
    function stop() {
      cancelAnimationFrame(asked);
      CLOCKS.delete(key);
      signal.removeEventListener("abort", giveUp);
    }
    function giveUp() { // the view that kept the time is gone
      stop();
      shared.set({ playing: false, _driver: "" });
    }
  }
  shared.on(["playing"], drive);
  drive();
}
