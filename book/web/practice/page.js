/* Practice on a page: its runnable cells get editors and buttons. Nothing is loaded before it is needed:
   the editor when a cell comes near the window, Python at the first edit or click. */
import {addBar} from "./bar.js";
import {Cell} from "./cell.js";
import {element} from "./dom.js";

const NEAR = "600px";
const here = document.currentScript.src;
const root = new URL(document.documentElement.dataset.content_root, location);
const progress = courseProgress;
const {name, cells} = JSON.parse(document.getElementById("practice-data").textContent);

const page = {
  name,
  inExercise: name in progress.exercises,
  progress,
  root,
  python: coursePython,

  async openEditor() {
    return (await import(new URL(`editor.js?v=${VERSION}`, here))).openEditor; // VERSION: from the build
  },

  /* What runs before a cell: for an answer the setup and the answers above, else all cells above. */
  before({id, task}) {
    const above = cells.slice(0, cells.findIndex(cell => cell.id === id));
    const needed = task ? above.filter(({kind}) => kind === "setup" || kind === "answer") : above;
    return needed.filter(({kind}) => kind !== "check").map(cell => [cell.id, runnable.get(cell.id)?.text ?? cell.source]);
  },
};

const runnable = new Map();

function begin() {
  const near = new IntersectionObserver(entries => {
    for (const {isIntersecting, target} of entries) {
      if (isIntersecting) {
        near.unobserve(target);
        runnable.get(target.id.replace("cell-", "")).edit();
      }
    }
  }, {rootMargin: NEAR});
  for (const cell of cells) {
    const place = document.getElementById(`cell-${cell.id}`);
    if (!place) continue;
    if (cell.kind === "answer" || cell.kind === "experiment") {
      runnable.set(cell.id, new Cell(cell, place, page));
      near.observe(place);
    } else if (cell.kind === "check") {
      place.hidden = true; // the answer's Check button does it
    }
  }
  if (page.inExercise) {
    addBar(page, () => Object.fromEntries([...runnable].map(([id, {text}]) => [id, text])));
  }
}

function sayHowToServe() {
  const code = text => element("code", {textContent: text});
  document.querySelector("article h1").after(element("p", {className: "practice-note"},
    "Code on this page can be edited, run and checked when it comes from a web server. To serve the folder that holds ",
    code("index.html"), ", run ", code("python -m http.server"), " in it and open ", code("http://localhost:8000"), "."));
}

if (location.protocol === "file:") sayHowToServe();
else begin();
