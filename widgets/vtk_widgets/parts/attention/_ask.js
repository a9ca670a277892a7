// Questions to the kernel: each once, the last one of a quick series, answers remembered.
const LONGEST_WAIT_MS = 4000; // then the next question may go, whatever became of the last

/** The last few things that were asked for, no more than so many bytes of them. */
export class Recent {
  constructor(mostBytes) {
    [this.most, this.held, this.bytes] = [mostBytes, new Map(), 0];
  }
  get(key) {
    const entry = this.held.get(key);
    if (!entry) return undefined;
    this.held.delete(key);
    this.held.set(key, entry); // the newest stands last
    return entry.value;
  }
  set(key, value, bytes) {
    this.bytes += bytes - (this.held.get(key)?.bytes ?? 0);
    this.held.delete(key);
    this.held.set(key, { value, bytes });
    for (const [old, entry] of this.held) {
      if (this.bytes <= this.most || this.held.size === 1) return;
      this.held.delete(old);
      this.bytes -= entry.bytes;
    }
  }
}

/** The same question, the same name: what is of all layers has no layer. */
export function askedKey({ kind, how, layer = -1, head = -1, word = -1, cell = [], rows = [], keys = [] }) {
  const across = how === "rollout" || how === "relevance" || layer < 0;
  const where = across ? [-1, -1] : [layer, head];
  const window = kind === "tile" ? [...rows, ...keys] : [];
  return [kind, how, ...where, kind === "row" ? word : "", kind === "times" ? cell : "", window].join("/");
}

/** @param {(request: object, answer: any) => void} heard the answer to what was asked last
 *  @param {(content: object, parts: DataView[]) => { value: any, bytes: number }} read */
export function asker(model, signal, read, heard) {
  const known = new Recent(24e6);
  const lines = {}; // per kind: the question under way, since when, and the one that waits
  let number = 0;

  function send(line) {
    const request = line.next;
    line.next = null;
    if (!request || signal.aborted) return;
    Object.assign(line, { now: { ...request, id: ++number }, since: performance.now() });
    model.send(line.now);
  }
  function ask(request) {
    const line = lines[request.kind] ??= { now: null, next: null, since: 0, wanted: "" };
    line.wanted = askedKey(request);
    const there = known.get(line.wanted);
    if (there !== undefined) {
      line.next = null;
      return heard(request, there);
    }
    if (!model.get("live") || (line.now && askedKey(line.now) === line.wanted)) return;
    line.next = request;
    if (!line.now || performance.now() - line.since > LONGEST_WAIT_MS) send(line);
  }
  function answer(content, buffers) {
    const line = Object.values(lines).find((one) => one.now?.id === content.id);
    if (!line) return; // of another view of this widget, or given up
    const request = line.now;
    line.now = null;
    if (!content.error) {
      const { value, bytes } = read(content, buffers);
      known.set(askedKey(request), value, bytes);
      if (askedKey(request) === line.wanted) heard(request, value); // a stale one stays unseen
    }
    send(line);
  }
  const freed = () => {
    if (model.get("busy")) return;
    for (const line of Object.values(lines)) { // work that failed or was stopped gives no answer
      if (line.now && model.get("message")) line.now = null;
      if (!line.now) send(line);
    }
  };
  model.on("msg:custom", answer);
  model.on("change:busy", freed);
  signal.addEventListener("abort", () => {
    model.off("msg:custom", answer);
    model.off("change:busy", freed);
  });
  const put = (request, value, bytes = 0) => known.set(askedKey(request), value, bytes);
  return { ask, put, get: (request) => known.get(askedKey(request)) };
}
