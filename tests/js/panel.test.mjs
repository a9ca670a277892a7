import assert from "node:assert/strict";
import test from "node:test";
import { failureText, told, listening } from "../../widgets/vtk_widgets/parts/page/_panel.js";

test("a failure is told by its name and its message, whatever was thrown", () => {
  assert.equal(failureText(new RangeError("too far")), "RangeError: too far");
  assert.equal(failureText("only words"), "only words");
});

test("work of a view that nobody guards fails as it always did", () => {
  const work = told(() => { throw new Error("no"); }, new AbortController().signal);
  assert.throws(work, /no/);
});

test("a model asked to forget a listener forgets the one it was given in its place", () => {
  const bus = new EventTarget();
  const model = {
    get: () => 7,
    on: (name, fn) => bus.addEventListener(name, fn),
    off: (name, fn) => bus.removeEventListener(name, fn),
  };
  const guarded = listening(model, new AbortController().signal);
  let heard = 0;
  const listener = () => { heard += 1; };
  guarded.on("change", listener);
  bus.dispatchEvent(new Event("change"));
  guarded.off("change", listener);
  bus.dispatchEvent(new Event("change"));
  assert.equal(heard, 1);
  assert.equal(guarded.get("x"), 7);
});

test("a question to a kernel that is gone is let go; others arrive", () => {
  const sent = [];
  let gone = false;
  const model = { send(what) { if (gone) throw new Error("Cannot send"); sent.push(what); } };
  const guarded = listening(model, new AbortController().signal);
  guarded.send({ kind: "row" });
  gone = true;
  guarded.send({ kind: "tile" });
  assert.deepEqual(sent, [{ kind: "row" }]);
});
