/* The first screen was drawn while the rest was arriving; now that it is here it is laid out, so that
   every place of the page can be gone to (course.css). */
document.documentElement.classList.add("laid-out");

/* What is wider than its column scrolls on its own and can be reached with the keyboard; the copy
   buttons are for the mouse: who reads with Tab would meet hundreds. */
addEventListener("load", () => {
  const blocks =
    "div.math, .cell_output, .cell_output pre, .highlight pre, .pst-scrollable-table-container";
  const set = (box, scrolls) => {
    if (scrolls) {
      box.tabIndex = 0;
      box.setAttribute("role", "group"); // a region would be a landmark, one of fifty
      box.setAttribute("aria-label", "Scrolls sideways");
    } else {
      ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
    }
  };
  const mark = () => {
    document.querySelectorAll(blocks).forEach((box) => set(box, box.scrollWidth > box.clientWidth));
    document.querySelectorAll("span.math").forEach((formula) => {
      formula.classList.remove("math-scrolls");
      const room = formula.closest("p, li, td, dd, figcaption, summary")?.clientWidth ?? Infinity;
      const wide = formula.firstElementChild?.getBoundingClientRect().width > room;
      formula.classList.toggle("math-scrolls", wide);
      set(formula, wide);
    });
  };
  mark();
  addEventListener("resize", mark);
  document.querySelectorAll(".copybtn").forEach((button) => (button.tabIndex = -1));
});

/* The contents beside the page show which section the reader is in.  Bootstrap's own would lay out
   every section again to look for it. */
document.body.removeAttribute("data-bs-spy");
const passing = new IntersectionObserver(
  (changes) =>
    changes.forEach(({isIntersecting, target}) =>
      document
        .querySelectorAll(`.toc-entry a[href="#${target.id}"]`)
        .forEach((link) =>
          [link, link.parentElement].forEach((e) => e.classList.toggle("active", isIntersecting)),
        ),
    ),
  {rootMargin: "-25% 0px -75% 0px"}, // a line a quarter of the window below its top
);
document.querySelectorAll(".bd-article section section").forEach((part) => passing.observe(part));

/* What stands around a word that was found is fetched, which a page from the disk cannot. */
DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = location.protocol !== "file:";
