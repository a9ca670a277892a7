import assert from "node:assert/strict";
import test from "node:test";
import * as atlas from "../../widgets/vtk_widgets/parts/atlas/_atlas.js";
import { numberName } from "../../widgets/vtk_widgets/parts/atlas/_atlas_detail.js";
import { atlasText } from "../../widgets/vtk_widgets/paper_atlas.js";

const system = (name, family, year, status = "planned", more = {}) => ({
  key: name.toLowerCase(), name, family, year, status, title: "", idea: "", arxiv: "", authors: "",
  venue: "", mechanisms: [], ...more,
});
const SYSTEMS = [
  system("Beta", "heads", 2024, "planned", { idea: "Finds Moments by words", arxiv: "2404.03384" }),
  system("alpha", "heads", 2024, "working"),
  system("Gamma", "heads", 2016),
  system("Delta", "data", 2025, "working", { mechanisms: ["metric:recall"] }),
];
const names = (list) => list.map((s) => s.name);

test("all words of a search must be there, in whatever field and case", () => {
  const found = (search) => names(SYSTEMS.filter((s) => atlas.meant(s, { search })));
  assert.deepEqual(found("moments FINDS"), ["Beta"]);
  assert.deepEqual(found("2404.03384"), ["Beta"]);
  assert.deepEqual(found("recall 2025"), ["Delta"]);
  assert.deepEqual(found("moments nowhere"), []);
  assert.deepEqual(found("  "), names(SYSTEMS));
});

test("family, status and search narrow together", () => {
  const by = { family: "heads", status: "working", search: "a" };
  assert.deepEqual(names(SYSTEMS.filter((s) => atlas.meant(s, by))), ["alpha"]);
});

test("order is by family and name, by year from the newest, or by name, whatever the case", () => {
  assert.deepEqual(names(atlas.ordered(SYSTEMS, "family")), ["Delta", "alpha", "Beta", "Gamma"]);
  assert.deepEqual(names(atlas.ordered(SYSTEMS, "year")), ["Delta", "alpha", "Beta", "Gamma"]);
  assert.deepEqual(names(atlas.ordered(SYSTEMS, "name")), ["alpha", "Beta", "Delta", "Gamma"]);
  assert.deepEqual(names(SYSTEMS), ["Beta", "alpha", "Gamma", "Delta"]); // the list itself stays
});

test("groups have a heading each, or none where names alone order them", () => {
  const heads = (order) => atlas.groups(SYSTEMS, order).map((g) => [g.heading, g.members.length]);
  assert.deepEqual(heads("family"), [["data", 1], ["heads", 3]]);
  assert.deepEqual(heads("year"), [["2025", 1], ["2024", 2], ["2016", 1]]);
  assert.deepEqual(heads("name"), [["", 4]]);
});

test("the map has a row per family, early years in one column, working ones first", () => {
  const { years, rows, widest } = atlas.mapOf(SYSTEMS);
  assert.deepEqual(years, [2020, 2024, 2025]);
  assert.equal(atlas.yearText(2020), "≤ 2020");
  assert.deepEqual(rows.map((row) => row.cells.map(names)), [
    [[], [], ["Delta"]],
    [["Gamma"], ["alpha", "Beta"], []],
  ]);
  assert.deepEqual(widest, [1, 2, 1]);
});

test("arrows walk a row, and lead to the nearest tile of another one", () => {
  const chart = atlas.mapOf(SYSTEMS);
  const step = (key, arrow) => atlas.steppedTile(chart, key, arrow);
  assert.equal(step("gamma", "ArrowRight"), "alpha");
  assert.equal(step("beta", "ArrowRight"), "beta");
  assert.equal(step("delta", "ArrowDown"), "beta");
  assert.equal(step("gamma", "ArrowUp"), "delta");
  assert.equal(step("gamma", "ArrowDown"), "gamma");
  assert.equal(step("beta", "Home"), "gamma");
  assert.equal(step("nobody", "ArrowUp"), "delta");
});

test("only what is an arXiv id becomes an address", () => {
  assert.equal(atlas.arxivAddress("2404.03384v2"), "https://arxiv.org/abs/2404.03384v2");
  assert.equal(atlas.arxivAddress("cs/0112017"), "https://arxiv.org/abs/cs/0112017");
  for (const id of ["", "javascript:alert(1)", "2404.03384/../x", "2404.03384\"onclick="]) {
    assert.equal(atlas.arxivAddress(id), "");
  }
});

test("a unit at the end of a number's name stands in brackets", () => {
  assert.equal(numberName("time_error_s"), "time error (s)");
  assert.equal(numberName("written_percent"), "written (%)");
  assert.equal(numberName("tokens"), "tokens");
});

test("what is on show is told in one line", () => {
  assert.equal(atlasText(SYSTEMS, SYSTEMS), "2 of 4 systems work here");
  assert.equal(atlasText(SYSTEMS, SYSTEMS.slice(0, 1)), "1 match, 0 of 1 work · 2 of 4 systems work here");
});
