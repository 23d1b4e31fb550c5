/* The review page: of all that the course asks it shows what is due today. */
import {element} from "./reading.js";

export function showReview() {
  const place = document.querySelector(".review-due");
  if (!place) return;
  const {review} = courseProgress;
  const items = [...document.querySelectorAll("article .task-list-item")].map(item => {
    const name = item.textContent.trim(); // as on the checklist
    const later = element("button", {type: "button", class: "btn btn-sm review-later", "aria-label": `Not yet: ${name}`}, "Not yet");
    later.addEventListener("click", () => review.later(name));
    item.append(later);
    return [name, [item]];
  });
  const questions = [...document.querySelectorAll(".admonition.question")].map(box =>
    [box.id, [box, box.previousElementSibling, box.nextElementSibling]]);
  const entries = [...items, ...questions];
  const due = new Set(); // what is answered stays until one leaves

  const show = () => {
    for (const [name] of entries) if (review.isDue(name)) due.add(name);
    for (const [name, blocks] of entries) blocks.forEach(block => (block.hidden = !due.has(name)));
    for (const section of document.querySelectorAll("article section section")) {
      section.hidden = !section.querySelector(":is(.admonition, .task-list-item):not([hidden])");
    }
    const left = entries.filter(([name]) => review.isDue(name)).length;
    const next = review.next();
    const day = time => new Date(time).toLocaleDateString("en", {day: "numeric", month: "long"});
    place.textContent = left === 1 ? "1 is due today." : left ? `${left} are due today.` : "Nothing is due today.";
    if (Number.isFinite(next)) place.textContent += ` The next comes back on ${day(next)}.`;
  };
  courseProgress.subscribe(kind => {
    if (kind === "review" || kind === "tick") show();
  });
  show();
}
