// Spans as the files that benchmarks read; the same as `vtk_notebooks.data` writes.

export const FILES = {
  qvhighlights: { title: "QVHighlights (.jsonl)", ending: ".jsonl", type: "application/x-ndjson" },
  charades_sta: { title: "Charades-STA (.txt)", ending: ".txt", type: "text/plain" },
};

/** Spans by what they answer: their own text, or the question where they have none. */
export function byText(spans, question) {
  const groups = new Map();
  for (const span of spans.toSorted((a, b) => a.start_s - b.start_s)) {
    const text = span.text || question;
    groups.set(text, [...(groups.get(text) ?? []), span]);
  }
  return groups;
}

/** One JSON object a line, one for each text. */
export function qvhighlights(spans, { film, question, durationS }) {
  return [...byText(spans, question)].map(([query, group], qid) => `${JSON.stringify({
    qid, query, duration: durationS, vid: film,
    relevant_windows: group.map(({ start_s: startS, end_s: endS }) => [startS, endS]),
  })}\n`).join("");
}

const decimal = (number) => Number.isInteger(number) ? number.toFixed(1) : String(number);

/** `VID start end##sentence`, one for each span; a film's name has no blanks there. */
export function charadesSta(spans, { film, question }) {
  const name = film.trim().replace(/\s+/g, "_") || "film";
  return spans.toSorted((a, b) => a.start_s - b.start_s).map(({ start_s: startS, end_s: endS, text }) => {
    const sentence = (text || question).replace(/\s+/g, " ").trim();
    return `${name} ${decimal(startS)} ${decimal(endS)}##${sentence}\n`;
  }).join("");
}

/** What a format's file holds. */
export const written = (format, spans, about) =>
  ({ qvhighlights, charades_sta: charadesSta })[format](spans, about);

/** Hand a text to the reader as a file; works from file:// too. */
export function download(text, name, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
