import assert from "node:assert/strict";
import test from "node:test";
import * as offers from "../../widgets/vtk_widgets/parts/models/_offers.js";
import { pickerText, recordText } from "../../widgets/vtk_widgets/model_picker.js";

const offer = (id, origin, licence = "", kind = "") => ({ id, origin, licence, kind });
const HERE = [offer("minilm", "package", "apache-2.0", "bert"), offer("a/clip", "cache", "mit", "clip")];

test("a search looks into id, licence, kind and where it is", () => {
  const found = (search) => offers.meantOffers(HERE, search).map((o) => o.id);
  assert.deepEqual(found("MIT clip"), ["a/clip"]);
  assert.deepEqual(found("packages"), ["minilm"]);
  assert.deepEqual(found(" "), ["minilm", "a/clip"]);
});

test("what is typed can be an id of the hub or a folder, and nothing else", () => {
  const typed = (search) => offers.typedId(HERE, search);
  for (const id of ["owner/name-1.5", "./folder", "/models/x", "~/models", "C:\\models"]) {
    assert.equal(typed(` ${id} `), id);
  }
  for (const id of ["minilm", "a/clip", "some words", "a/b/c", "<img>/x", ""]) assert.equal(typed(id), "");
});

test("bytes are read by people", () => {
  assert.deepEqual([15.79e9, 24117248, 1536, 0].map(offers.bytesText), ["15.79 GB", "24.1 MB", "1.5 kB", "0"]);
});

test("an estimate says whether it fits, and the bar ends where memory or need ends", () => {
  const needs = { weights: 10e9, activations: 2e9, cache: 3e9, total: 16.5e9, free: 12e9, fits: false, device: "cpu" };
  assert.equal(offers.verdictText(needs), "Does not fit: 16.50 GB of 12.00 GB free on cpu.");
  const parts = offers.barParts(needs);
  assert.equal(Math.round(parts.weights + parts.activations + parts.cache + parts.spare), 100);
  assert.equal(Math.round(parts.free), 73);
  const roomy = offers.barParts({ ...needs, free: 33e9 });
  assert.equal(roomy.free, 100);
  assert.equal(Math.round(roomy.weights + roomy.activations + roomy.cache + roomy.spare), 50);
});

test("what is here and what is loaded is told in one line", () => {
  assert.equal(pickerText(HERE, HERE.slice(1), {}), "1 of 2 models here · nothing is loaded");
  const record = { id: "a/clip", dtype: "float32", device: "cpu", weights_bytes: 5e6, revision: "0123456789abcdef", licence: "" };
  assert.equal(pickerText(HERE, HERE, record), "2 models here · a/clip is loaded");
  assert.equal(recordText(record), "a/clip: float32 · cpu · 5.0 MB · revision 0123456789ab · licence not stated");
});
