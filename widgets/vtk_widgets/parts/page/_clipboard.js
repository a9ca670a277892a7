// Text onto the clipboard, also where the page may not use the modern way.
import { button, make } from "./_dom.js";

/** @returns {Promise<boolean>} whether it is there now */
export async function copyText(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make(near, "textarea", { className: "vtk-hidden", value: text });
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** A button that copies what `text()` gives, and says so. */
export function copyButton(parent, label, text, signal) {
  const made = button(parent, label, "vtk-outlined", async () => {
    const done = await copyText(text(), parent);
    made.textContent = done ? "Copied" : "Select and copy";
    setTimeout(() => { made.textContent = label; }, 1600);
  }, signal);
  made.textContent = label;
  return made;
}
