/* A chapter as slides: its own page, opened with "?slides".  What a slide shows are the parts of the
   page marked .slide-1, .slide-2, …; paragraphs become notes, which N shows. */
import Reveal from "reveal.js/dist/reveal.esm.js";

const leave = document.createElement("a");
leave.href = location.href.replace(/[?#].*/, "");
leave.className = "slides-leave";
leave.textContent = "Leave the slides";

const slides = document.createElement("div");
slides.className = "slides";
for (let number = 1; document.querySelector(`.slide-${number}`); number += 1) {
  const slide = document.createElement("section");
  const notes = document.createElement("aside");
  notes.className = "notes";
  for (const part of document.querySelectorAll(`.slide-${number}, .slide-${number} + .glass-box`)) {
    const isHeading = part.childElementCount === 1 && part.firstElementChild.matches("strong");
    const whole = part.closest(".pst-scrollable-table-container") ?? part;
    (part.matches("p") && !isHeading ? notes : slide).append(whole);
  }
  slide.append(notes);
  slides.append(slide);
}
const reveal = document.createElement("main");
reveal.className = "reveal bd-article";
reveal.append(slides);
document.body.append(reveal, leave);
document.body.classList.add("as-slides");

// A phone held upright has less on a line, in letters that can be read.
const [width, height] = innerWidth < innerHeight ? [540, 960] : [1100, 720];
const deck = new Reveal(reveal, {
  width, height, margin: 0.05, center: false, transition: "none", slideNumber: "c/t",
  scrollActivationWidth: null,
  keyboard: {78: () => deck.configure({showNotes: !deck.getConfig().showNotes})},
});
/* What is too wide or too high for a screen becomes smaller, as long as it can be read; the rest scrolls. */
const LEAST = 0.6;
const fit = async ({currentSlide}) => {
  await document.fonts.ready;
  for (const formula of currentSlide.querySelectorAll(":is(p, li, td) span.math")) {
    const width = Math.max(formula.offsetWidth, formula.scrollWidth);
    const wide = width > formula.closest("p, li, td").clientWidth;
    formula.classList.toggle("math-scrolls", wide);
  }
  for (const part of currentSlide.querySelectorAll("*")) {
    if (scrollsSideways(part)) part.style.zoom = Math.max(LEAST, part.clientWidth / part.scrollWidth);
    // Who moves a part that still scrolls does not want the next slide.
    if (scrollsSideways(part)) part.dataset.preventSwipe = "";
  }
  const {style, clientHeight, scrollHeight} = currentSlide;
  if (scrollHeight > clientHeight) style.zoom = Math.max(LEAST, clientHeight / scrollHeight);
};
const scrollsSideways = (part) => (
  part.scrollWidth > part.clientWidth && getComputedStyle(part).overflowX === "auto"
);
deck.on("ready", fit);
deck.on("slidechanged", fit);
deck.initialize();
