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
  const mark = (part) => {
    const all = (selector) =>
      [part, ...part.querySelectorAll(selector)].filter((e) => e.matches(selector));
    all(blocks).forEach((box) => set(box, box.scrollWidth > box.clientWidth));
    all("span.math").forEach((formula) => {
      formula.classList.remove("math-scrolls");
      const room = formula.closest("p, li, td, dd, figcaption, summary")?.clientWidth ?? Infinity;
      const wide = formula.firstElementChild?.getBoundingClientRect().width > room;
      formula.classList.toggle("math-scrolls", wide);
      set(formula, wide);
    });
  };
  // Sections far away are not laid out (course.css): each is measured as the reader comes near.
  const near = new Set();
  const observer = new IntersectionObserver(
    (entries) =>
      entries.forEach(({isIntersecting, target}) => {
        if (!isIntersecting) return;
        observer.unobserve(target);
        near.add(target);
        mark(target);
      }),
    {rootMargin: "100% 0px"},
  );
  document
    .querySelectorAll(".bd-article > :not(section), .bd-article > section > *")
    .forEach((part) => observer.observe(part));
  addEventListener("resize", () => near.forEach(mark));
  document.querySelectorAll(".copybtn").forEach((button) => (button.tabIndex = -1));
});

/* To get to a place on the page, all that stands before it has to be laid out.  (The page's head does
   so for who opens a page at a place.) */
addEventListener("hashchange", () => {
  document.documentElement.classList.add("laid-out");
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
});

/* The contents beside the page show which section the reader is in.  Bootstrap's own would lay out
   every section to look for it. */
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
