/* On every page: the reader's progress is open as `courseProgress`, Python waits as `coursePython`; the
   contents show the points, and every link to the review page how much is due; "?slides" shows a
   chapter as slides. */
import {Python} from "./practice/python.js";
import {openProgress} from "./progress.js";
import {openReview} from "./review.js";

const root = new URL(document.documentElement.dataset.content_root, location);
const progress = openProgress(root);
globalThis.courseProgress = progress;

/* Loads nothing before the reader writes or runs something.  VERSION, PYODIDE: from the build. */
const practice = name => new URL(`_static/practice/${name}`, root).href;
globalThis.coursePython = new Python(practice(`worker.js?v=${VERSION}`), {
  pyodide: new URL(PYODIDE, root).href,
  course: practice("course.zip"),
  digits: practice(`mnist_subset.npz?v=${VERSION}`),
});

/* {exercise's page: {task: possible points}}, from the notebooks, when the site is built. */
progress.exercises = EXERCISES;

/* {what the checklist asks: number of its chapter} */
progress.review = openReview(progress, ITEMS, EXERCISES);

progress.score = page => {
  const tasks = Object.entries(EXERCISES[page]);
  const points = tasks.map(([task]) => progress.get("points", task)?.points ?? 0);
  const sum = numbers => numbers.reduce((a, b) => a + b, 0);
  return {points: sum(points), possible: sum(tasks.map(([, possible]) => possible))};
};

const links = [...document.querySelectorAll(".bd-sidebar-primary nav a[href]")].flatMap(link => {
  const path = new URL(link.href).pathname.slice(root.pathname.length).replace(".html", "");
  if (!(path in EXERCISES)) return [];
  const badge = document.createElement("span");
  badge.className = "contents-points";
  link.append(badge);
  return [{badge, path}];
});

const reviews = [...document.querySelectorAll("a[href]")]
  .filter(link => new URL(link.href).pathname === `${root.pathname}chapters/review.html` && !link.closest(".prev-next-area"))
  .map(link => {
    const badge = document.createElement("span");
    badge.className = "review-count";
    link.append(badge);
    return badge;
  });

function showReviews() {
  const count = progress.review.count();
  for (const badge of reviews) badge.textContent = count ? ` (${count} due)` : "";
}

function show() {
  for (const {badge, path} of links) {
    const {points, possible} = progress.score(path);
    badge.textContent = points ? ` ${points} of ${possible}` : "";
  }
}

progress.subscribe(kind => {
  if (kind === "points") show();
  if (["points", "question", "tick"].includes(kind)) progress.review.begin();
  if (["review", "tick"].includes(kind)) showReviews();
});
show();
progress.review.begin();
showReviews();

if (new URLSearchParams(location.search).has("slides")) {
  const at = name => new URL(`_static/slides/${name}`, root).href;
  document.head.append(
    Object.assign(document.createElement("link"), {rel: "stylesheet", href: at("slides.css")}),
    Object.assign(document.createElement("script"), {src: at("slides.js")}),
  );
}
