/* On every page: the reader's progress is open as `courseProgress`; the contents show the points. */
import {openProgress} from "./progress.js";

const root = new URL(document.documentElement.dataset.content_root, location);
const progress = openProgress(root);
globalThis.courseProgress = progress;

/* {exercise's page: {task: possible points}}, from the notebooks, when the site is built. */
progress.exercises = EXERCISES;

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

function show() {
  for (const {badge, path} of links) {
    const {points, possible} = progress.score(path);
    badge.textContent = points ? ` ${points} of ${possible}` : "";
  }
}

progress.subscribe(kind => {
  if (kind === "points") show();
});
show();
