/* What a question's text says: both kinds of question are read from the page as it stands. */

export const text = node => node.textContent.replace(/\s+/g, " ").trim();

/* The bold word that a block begins with. */
export const leading = node => {
  const strong = node.querySelector(":scope > p > strong:first-child, :scope > strong:first-child");
  return strong && {strong, said: text(strong).replace(/[.:]$/, "")};
};

export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
};

/* The questions with one of these titles, each with the "Answer" or "Derivation" below it. */
export function* asked(...titles) {
  for (const box of document.querySelectorAll(".admonition[id]")) {
    const title = box.querySelector(":scope > .admonition-title");
    const answer = box.nextElementSibling;
    if (title && titles.includes(text(title)) && answer?.matches("details.sd-dropdown")) yield [box, answer];
  }
}

/* The list of a block whose items all begin with a bold word. */
export const isList = block => block.matches("ul") && [...block.children].every(leading);

/* Keep how a question went: a right answer at once, or a question that comes back. */
export function keep(name, tries, right) {
  const progress = globalThis.courseProgress;
  progress?.set("question", name, {tries, right});
  if (tries === 1) progress?.review[right ? "known" : "missed"](name);
}
